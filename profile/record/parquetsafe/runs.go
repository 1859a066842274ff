package parquetsafe

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

var errRuns = errors.New("a page's runs hold fewer values than its header says")

// walkRuns walks Parquet's hybrid of run lengths and bit packing
// (https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE) over n values of width bits,
// and calls run for each stretch: count values that repeat a value, or that are packed in packed. The
// library loops for ever on a stream that ends before its n values.
func walkRuns(b []byte, width, n int, run func(value uint64, packed []byte, count int) error) error {
	for n > 0 {
		head, size := binary.Uvarint(b)
		if size <= 0 || head>>1 == 0 || head>>1 > 1<<28 {
			return errRuns
		}
		b = b[size:]
		count, packed := int(head>>1), []byte(nil)
		value := uint64(0)
		if head&1 == 0 {
			if (width+7)/8 > len(b) {
				return errRuns
			}
			var word [8]byte
			copy(word[:], b[:(width+7)/8])
			value = binary.LittleEndian.Uint64(word[:])
			b = b[(width+7)/8:]
		} else {
			count *= 8 // groups of eight; the last may be cut at the page's end
			need := (min(count, n)*width + 7) / 8
			if need > len(b) {
				return errRuns
			}
			packed, b = b[:need], b[min((count*width)/8, len(b)):]
		}
		count = min(count, n)
		if err := run(value, packed, count); err != nil {
			return err
		}
		n -= count
	}
	return nil
}

// countLevels walks n levels of one bit and returns how many are 1: the values that are not null.
func countLevels(b []byte, n int) (ones int, err error) {
	err = walkRuns(b, 1, n, func(value uint64, packed []byte, count int) error {
		if packed == nil {
			if value > 1 {
				return errors.New("a page has a level that its column does not")
			}
			ones += int(value) * count
			return nil
		}
		for _, x := range packed[:count/8] {
			ones += bits.OnesCount8(x)
		}
		if tail := count % 8; tail > 0 {
			ones += bits.OnesCount8(packed[count/8] << (8 - tail))
		}
		return nil
	})
	return ones, err
}

// checkIndices checks that there are n dictionary indices; the library checks their range.
func checkIndices(payload []byte, n int) error {
	if n == 0 {
		return nil
	}
	if len(payload) == 0 || payload[0] > 32 {
		return errRuns
	}
	return walkRuns(payload[1:], int(payload[0]), n, func(uint64, []byte, int) error { return nil })
}
