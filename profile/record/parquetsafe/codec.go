package parquetsafe

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
)

// Compression codecs, by their codes in parquet.thrift.
const (
	uncompressed = 0
	snappyCodec  = 1
	gzipCodec    = 2
	brotliCodec  = 4
	zstdCodec    = 6
)

var codecNames = []string{"UNCOMPRESSED", "SNAPPY", "GZIP", "LZO", "BROTLI", "LZ4", "ZSTD", "LZ4_RAW"}

func supportedCodec(codec int32) error {
	switch codec {
	case uncompressed, snappyCodec, gzipCodec, brotliCodec, zstdCodec:
		return nil
	}
	return fmt.Errorf("compression %s is not supported: rewrite the file with zstd or snappy", name(codecNames, codec))
}

func name(names []string, code int32) string {
	if code < 0 || int(code) >= len(names) {
		return fmt.Sprintf("%d", code)
	}
	return names[code]
}

// A decompressor undoes a page's compression into a buffer that it reuses.
type decompressor struct {
	out  []byte
	zstd *zstd.Decoder
}

var errSize = errors.New("a page does not decompress to the size its header gives")

// decode decompresses src, which must come to exactly size bytes; no more than that is ever written.
func (d *decompressor) decode(codec int32, src []byte, size int) ([]byte, error) {
	if codec == uncompressed {
		if len(src) != size {
			return nil, errSize
		}
		return src, nil
	}
	if len(src) == 0 && size == 0 {
		return nil, nil
	}
	if cap(d.out) < size {
		d.out = make([]byte, size)
	}
	out := d.out[:size]
	switch codec {
	case snappyCodec:
		return decodeSnappy(out, src)
	case zstdCodec:
		return d.decodeZstd(out, src)
	case gzipCodec:
		r, err := gzip.NewReader(bytes.NewReader(src))
		if err != nil {
			return nil, errors.New("a page is not valid gzip")
		}
		return readExactly(r, out)
	default:
		return readExactly(brotli.NewReader(bytes.NewReader(src)), out)
	}
}

func decodeSnappy(out, src []byte) ([]byte, error) {
	if n, err := snappy.DecodedLen(src); err != nil || n != len(out) {
		return nil, errSize
	}
	if _, err := snappy.Decode(out, src); err != nil {
		return nil, errors.New("a page is not valid snappy")
	}
	return out, nil
}

func (d *decompressor) decodeZstd(out, src []byte) ([]byte, error) {
	if d.zstd == nil {
		// WithDecodeAllCapLimit keeps the output within the buffer, whatever the frame says.
		dec, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecodeAllCapLimit(true))
		if err != nil {
			return nil, fmt.Errorf("start zstd: %w", err)
		}
		d.zstd = dec
	}
	got, err := d.zstd.DecodeAll(src, out[:0:len(out)])
	if err != nil || len(got) != len(out) {
		return nil, errSize
	}
	return got, nil
}

// readExactly fills out from r and checks that nothing is left.
func readExactly(r io.Reader, out []byte) ([]byte, error) {
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, errSize
	}
	if n, err := io.ReadFull(r, make([]byte, 1)); n != 0 || err != io.EOF {
		return nil, errSize
	}
	return out, nil
}
