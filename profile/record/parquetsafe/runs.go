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

// countLevels walks n levels from 0 to most and returns how many are the wanted one.
func countLevels(b []byte, most, n, want int) (found int, err error) {
	width := bits.Len(uint(most))
	err = walkRuns(b, width, n, func(value uint64, packed []byte, count int) error {
		switch {
		case packed != nil && most == 1:
			ones := countOnes(packed, count)
			if want == 1 {
				found += ones
			} else {
				found += count - ones
			}
			return nil
		case packed == nil:
			if value > uint64(most) {
				return errLevel
			}
			if value == uint64(want) {
				found += count
			}
			return nil
		}
		for i := range count {
			level := unpack(packed, i*width, width)
			if level > uint64(most) {
				return errLevel
			}
			if level == uint64(want) {
				found++
			}
		}
		return nil
	})
	return found, err
}

var errLevel = errors.New("a page has a level that its column does not")

// countOnes counts the ones among the first n bits.
func countOnes(packed []byte, n int) (ones int) {
	for _, x := range packed[:n/8] {
		ones += bits.OnesCount8(x)
	}
	if tail := n % 8; tail > 0 {
		ones += bits.OnesCount8(packed[n/8] << (8 - tail))
	}
	return ones
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
