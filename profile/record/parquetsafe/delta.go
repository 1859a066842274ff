package parquetsafe

import (
	"encoding/binary"
	"errors"
)

var errDelta = errors.New("a page's deltas are damaged")

// walkDeltas decodes the n integers of a DELTA_BINARY_PACKED stream
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/#DELTAENC) and returns what follows
// it. The library believes the block sizes in its header and allocates by them.
func walkDeltas(b []byte, n int, value func(int64) error) (rest []byte, err error) {
	if len(b) == 0 && n == 0 {
		return nil, nil // some writers leave out the header of an empty page
	}
	c := &cursor{b: b}
	block, minis, total, last := c.uvarint(), c.uvarint(), c.uvarint(), c.int()
	switch {
	case c.err != nil, block == 0, block > 1<<16, minis == 0, minis > block, block%minis != 0, (block/minis)%8 != 0, total != uint64(n):
		return nil, errDelta
	}
	if n > 0 {
		if err := value(last); err != nil {
			return nil, err
		}
	}
	for left := n - 1; left > 0; {
		least := c.int()
		widths := c.take(minis)
		for i := 0; i < len(widths) && left > 0; i++ {
			width, per := int(widths[i]), int(block/minis)
			packed := c.take(uint64(width * per / 8))
			if c.err != nil || width > 64 {
				return nil, errDelta
			}
			for j := 0; j < per && left > 0; j, left = j+1, left-1 {
				last += least + int64(unpack(packed, j*width, width))
				if err := value(last); err != nil {
					return nil, err
				}
			}
		}
		if c.err != nil {
			return nil, errDelta
		}
	}
	return b[c.off:], nil
}

// unpack returns the width bits of b from bit pos on, lowest bits first.
func unpack(b []byte, pos, width int) uint64 {
	var window [16]byte
	copy(window[:], b[pos/8:min(len(b), pos/8+9)])
	shift := pos % 8
	v := binary.LittleEndian.Uint64(window[:])>>shift | binary.LittleEndian.Uint64(window[8:])<<(64-shift)
	if width == 64 {
		return v
	}
	return v & (1<<width - 1)
}

// checkLengths checks DELTA_LENGTH_BYTE_ARRAY: n lengths, then the bytes they add up to. before, when not
// nil, has for each value the number of bytes that come from its predecessor; all values together then
// may not outgrow a page, or a small file could unfold into a huge one.
func (f *Footer) checkLengths(payload []byte, n int, before []int64) error {
	var sum, unfolded, previous int64
	i := 0
	rest, err := walkDeltas(payload, n, func(length int64) error {
		if length < 0 || length > f.limits.MaxPage {
			return errDelta
		}
		sum += length
		if before != nil {
			if before[i] < 0 || before[i] > previous {
				return errDelta
			}
			previous = before[i] + length
			unfolded += previous
			i++
		}
		if sum > int64(len(payload)) || unfolded > f.limits.MaxPage {
			return errDelta
		}
		return nil
	})
	if err == nil && sum > int64(len(rest)) {
		return errDelta
	}
	return err
}

// checkPrefixes checks DELTA_BYTE_ARRAY: n prefix lengths, then the suffixes.
func (f *Footer) checkPrefixes(payload []byte, n int) error {
	prefixes := make([]int64, 0, min(n, len(payload)))
	rest, err := walkDeltas(payload, n, func(v int64) error {
		prefixes = append(prefixes, v)
		return nil
	})
	if err != nil {
		return err
	}
	return f.checkLengths(rest, n, prefixes)
}
