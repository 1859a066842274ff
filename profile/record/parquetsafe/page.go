package parquetsafe

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// Page types, by their codes in parquet.thrift.
const (
	dataPage       = 0
	dictionaryPage = 2
	dataPageV2     = 3
)

// Encodings, by their codes in parquet.thrift.
const (
	plain             = 0
	plainDictionary   = 2
	rle               = 3
	bitPacked         = 4
	deltaBinaryPacked = 5
	deltaLength       = 6
	deltaByteArray    = 7
	rleDictionary     = 8
)

var encodingNames = []string{"PLAIN", "1", "PLAIN_DICTIONARY", "RLE", "BIT_PACKED", "DELTA_BINARY_PACKED",
	"DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY", "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"}

const (
	headerWindow  = 1 << 10  // bytes read for a page header at first
	maxHeader     = 16 << 20 // bytes, the library's own bound
	maxPageValues = 1 << 26  // the library allocates 4 bytes for each
)

// A pageHeader is parquet.thrift's PageHeader, flattened.
type pageHeader struct {
	typ                      int32
	uncompressed, compressed int32 // bytes
	values, encoding         int32
	defEncoding, repEncoding int32 // of levels, version 1
	defLength, repLength     int32 // bytes, version 2
	stored                   bool  // version 2: not compressed
	size                     int   // bytes of the header itself
}

// CheckChunk walks the pages of one column chunk and reports the first thing that the library could
// trip over.
func (f *Footer) CheckChunk(group, column int) error {
	k, col := &f.Groups[group].chunks[column], f.Columns[column]
	rows, err := f.walkPages(k, col)
	if err == nil && rows != f.Groups[group].Rows {
		err = errors.New("its lists do not make as many rows as the footer says")
	}
	if err != nil {
		return fmt.Errorf("column %q, row group %d: %w", col.Name, group, err)
	}
	return nil
}

// walkPages checks the chunk's pages and returns how many rows start in them.
func (f *Footer) walkPages(k *chunk, col Column) (rows int64, err error) {
	dictionary := false
	seen := int64(0)
	for off := k.start; seen < k.values; {
		h, err := f.readHeader(off, k.end)
		if err != nil {
			return 0, err
		}
		off += int64(h.size)
		if err := f.checkSizes(h, k, k.end-off); err != nil {
			return 0, err
		}
		if h.typ == dictionaryPage {
			if dictionary || seen > 0 {
				return 0, errors.New("a dictionary page is out of place")
			}
			dictionary = true
		} else if seen += int64(h.values); seen > k.values {
			return 0, errors.New("its pages hold more values than the footer says")
		}
		starts, err := f.checkBody(h, k, col, off, dictionary)
		if err != nil {
			return 0, err
		}
		if rows == 0 && seen > 0 && h.typ != dictionaryPage && starts.first != 0 {
			return 0, errors.New("it starts in the middle of a list")
		}
		rows += int64(starts.rows)
		off += int64(h.compressed)
	}
	return rows, nil
}

// readHeader parses the page header at off, in a window that grows until it fits.
func (f *Footer) readHeader(off, end int64) (pageHeader, error) {
	for window := int64(headerWindow); ; window *= 8 {
		n := min(window, end-off, maxHeader)
		f.body = grow(f.body, int(n))
		if err := readFull(f.r, f.body, off); err != nil {
			return pageHeader{}, err
		}
		h, err := parsePageHeader(f.body)
		if err == nil {
			return h, nil
		}
		if !errors.Is(err, errShort) || n < window {
			return pageHeader{}, fmt.Errorf("a page header is damaged: %w", err)
		}
	}
}

func parsePageHeader(b []byte) (pageHeader, error) {
	h := pageHeader{typ: -1, values: -1, encoding: -1, uncompressed: -1, compressed: -1}
	c := &cursor{b: b}
	c.fields(func(id int16, typ byte) {
		switch {
		case id == 1:
			c.i32(typ, &h.typ)
		case id == 2:
			c.i32(typ, &h.uncompressed)
		case id == 3:
			c.i32(typ, &h.compressed)
		case (id == 5 || id == 7) && typ == typeStruct:
			c.fields(func(id int16, typ byte) { h.parseV1(c, id, typ) })
		case id == 8 && typ == typeStruct:
			c.fields(func(id int16, typ byte) { h.parseV2(c, id, typ) })
		default:
			c.skip(typ)
		}
	})
	h.size = c.off
	return h, c.err
}

// parseV1 reads a field of DataPageHeader or DictionaryPageHeader, which begin alike.
func (h *pageHeader) parseV1(c *cursor, id int16, typ byte) {
	switch id {
	case 1:
		c.i32(typ, &h.values)
	case 2:
		c.i32(typ, &h.encoding)
	case 3:
		c.i32(typ, &h.defEncoding)
	case 4:
		c.i32(typ, &h.repEncoding)
	default:
		c.skip(typ)
	}
}

func (h *pageHeader) parseV2(c *cursor, id int16, typ byte) {
	switch {
	case id == 1:
		c.i32(typ, &h.values)
	case id == 4:
		c.i32(typ, &h.encoding)
	case id == 5:
		c.i32(typ, &h.defLength)
	case id == 6:
		c.i32(typ, &h.repLength)
	case id == 7 && typ == typeFalse:
		h.stored = true
	default:
		c.skip(typ)
	}
}

// checkSizes checks what a header claims before anything is allocated for it; left is the number of bytes
// after the header in its chunk.
func (f *Footer) checkSizes(h pageHeader, k *chunk, left int64) error {
	if h.typ != dataPage && h.typ != dictionaryPage && h.typ != dataPageV2 {
		return fmt.Errorf("pages of type %d are not supported", h.typ)
	}
	if h.compressed < 0 || int64(h.compressed) > left {
		return errors.New("a page runs past its column chunk")
	}
	if h.uncompressed < 0 || int64(h.uncompressed) > f.limits.MaxPage {
		return fmt.Errorf("a page has %d bytes, and at most %d are accepted", h.uncompressed, f.limits.MaxPage)
	}
	if f.total += int64(h.uncompressed); f.total > f.limits.MaxTotal {
		return fmt.Errorf("it holds more than the %d bytes that are accepted", f.limits.MaxTotal)
	}
	if h.values < 0 || h.values > maxPageValues || int64(h.values) > k.values && h.typ != dictionaryPage {
		return errors.New("a page's number of values is impossible")
	}
	levels := int64(h.defLength) + int64(h.repLength)
	if h.defLength < 0 || h.repLength < 0 || levels > int64(h.compressed) || levels > int64(h.uncompressed) {
		return errors.New("a page's levels are longer than the page")
	}
	return nil
}

// A rowStarts says where the rows of a page are: how many start in it, and the repetition level of its first
// value, which is 0 when one starts there.
type rowStarts struct {
	rows  int
	first int
}

// checkBody decompresses a page and checks what is in it.
func (f *Footer) checkBody(h pageHeader, k *chunk, col Column, off int64, dictionary bool) (starts rowStarts, err error) {
	f.body = grow(f.body, int(h.compressed))
	if err := readFull(f.r, f.body, off); err != nil {
		return starts, err
	}
	codec := k.codec
	if h.stored {
		codec = uncompressed
	}
	levels := int(h.defLength + h.repLength) // 0 but in version 2, where they are never compressed
	body, err := f.codecs.decode(codec, f.body[levels:], int(h.uncompressed)-levels)
	if err != nil {
		return starts, err
	}
	if h.typ == dictionaryPage {
		return starts, checkDictionary(h, col, len(body))
	}
	rep, def := f.body[:h.repLength], f.body[h.repLength:levels]
	if h.typ == dataPage {
		if rep, def, body, err = levelsV1(h, col, body); err != nil {
			return starts, err
		}
	}
	starts, err = countRows(rep, col.MaxRep, int(h.values))
	if err != nil {
		return starts, err
	}
	nonNull := int(h.values)
	if col.MaxDef > 0 {
		if nonNull, err = countLevels(def, col.MaxDef, nonNull, col.MaxDef); err != nil {
			return starts, err
		}
	}
	return starts, f.checkValues(h, col, body, nonNull, dictionary)
}

// countRows counts the rows that start in a page of n values: those of repetition level 0.
func countRows(rep []byte, maxRep, n int) (s rowStarts, err error) {
	if maxRep == 0 || n == 0 {
		return rowStarts{rows: n}, nil
	}
	if s.rows, err = countLevels(rep, maxRep, n, 0); err != nil {
		return s, err
	}
	zeros, err := countLevels(rep, maxRep, 1, 0)
	s.first = 1 - zeros
	return s, err
}

// levelsV1 splits the repetition and definition levels off a version 1 page.
func levelsV1(h pageHeader, col Column, body []byte) (rep, def, rest []byte, err error) {
	if col.MaxRep > 0 {
		if rep, body, err = cutLevels(h.repEncoding, body); err != nil {
			return nil, nil, nil, err
		}
	}
	if col.MaxDef > 0 {
		def, body, err = cutLevels(h.defEncoding, body)
	}
	return rep, def, body, err
}

func cutLevels(encoding int32, body []byte) (levels, rest []byte, err error) {
	switch encoding {
	case rle:
		return prefixed(body)
	case bitPacked:
		// Only files before 2013 have it, and the library's order of bits is not theirs.
		return nil, nil, errors.New("levels in BIT_PACKED are not supported")
	}
	return nil, nil, errors.New("a page's levels have an unknown encoding")
}

// prefixed splits b = length in 4 bytes, that many bytes, rest.
func prefixed(b []byte) (data, rest []byte, err error) {
	if len(b) < 4 {
		return nil, nil, errors.New("a page is too short for its levels")
	}
	n := binary.LittleEndian.Uint32(b)
	if n > math.MaxInt32 || int(n) > len(b)-4 {
		return nil, nil, errors.New("a page is too short for its levels")
	}
	return b[4 : 4+n], b[4+n:], nil
}

// checkDictionary bounds the number of entries by the bytes they need: the library allocates by it.
func checkDictionary(h pageHeader, col Column, size int) error {
	if h.encoding != plain && h.encoding != plainDictionary {
		return fmt.Errorf("a dictionary in encoding %s is not supported", name(encodingNames, h.encoding))
	}
	if col.physical == boolean || int64(h.values)*int64(col.width()) > int64(size) {
		return errors.New("a dictionary page is too short for its entries")
	}
	return nil
}

// width is the least number of bytes of a plain value; 0 for booleans, which take a bit.
func (c Column) width() int {
	return [...]int{boolean: 0, int32Type: 4, int64Type: 8, int96: 12, float: 4, double: 8, byteArray: 4, fixed: int(c.typeLength)}[c.physical]
}

// checkValues checks that a data page's payload holds n values in an encoding the library reads for the
// column's type.
func (f *Footer) checkValues(h pageHeader, col Column, payload []byte, n int, dictionary bool) error {
	isInt := col.physical == int32Type || col.physical == int64Type
	switch {
	case h.encoding == plain:
		if (n+7)/8 > len(payload) || n*col.width() > len(payload) {
			return errors.New("a page is too short for its values")
		}
		return nil
	case (h.encoding == plainDictionary || h.encoding == rleDictionary) && col.physical != boolean:
		if !dictionary {
			return errors.New("a page needs a dictionary and there is none")
		}
		return checkIndices(payload, n)
	case h.encoding == rle && col.physical == boolean:
		runs, _, err := prefixed(payload)
		if err != nil {
			return err
		}
		_, err = countLevels(runs, 1, n, 1)
		return err
	case h.encoding == deltaBinaryPacked && isInt:
		_, err := walkDeltas(payload, n, func(int64) error { return nil })
		return err
	case h.encoding == deltaLength && col.physical == byteArray:
		return f.checkLengths(payload, n, nil)
	case h.encoding == deltaByteArray && col.physical == byteArray:
		return f.checkPrefixes(payload, n)
	}
	return fmt.Errorf("encoding %s is not supported: rewrite the file with plain or dictionary encoding", name(encodingNames, h.encoding))
}

// grow returns a slice of n bytes, b's memory when it is large enough.
func grow(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}
