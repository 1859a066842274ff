package parquetsafe

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// file frames a footer as a Parquet file with the given pages before it.
func file(pages, footer []byte) []byte {
	b := append([]byte(magic), pages...)
	b = append(b, footer...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(footer)))
	return append(b, magic...)
}

// enc writes Thrift compact values, enough of them for tests.
type enc struct{ b []byte }

func (e *enc) field(delta, typ byte) *enc { e.b = append(e.b, delta<<4|typ); return e }
func (e *enc) int(v int64) *enc {
	e.b = binary.AppendVarint(e.b, v) // zigzag, as Thrift
	return e
}
func (e *enc) i32(delta byte, v int64) *enc { return e.field(delta, typeI32).int(v) }
func (e *enc) i64(delta byte, v int64) *enc { return e.field(delta, typeI64).int(v) }
func (e *enc) list(delta byte, n int) *enc {
	e.field(delta, typeList)
	e.b = append(e.b, 0xf0|typeStruct)
	e.b = binary.AppendUvarint(e.b, uint64(n))
	return e
}
func (e *enc) str(delta byte, s string) *enc {
	e.field(delta, typeBinary)
	e.b = binary.AppendUvarint(e.b, uint64(len(s)))
	e.b = append(e.b, s...)
	return e
}
func (e *enc) stop() *enc { e.b = append(e.b, 0); return e }

// A spec describes a file of one INT32 column x in one row group and one page, with what is to be wrong.
type spec struct {
	rows, groupRows, values, pageValues int64
	optional                            bool
	children                            int64
	codec, encoding, pageType           int64
	uncompressed                        int64 // of the page header; -1: as it is
	compressed                          int64
	start                               int64
	payload                             []byte
	arrowSchema                         string
	defLength, repLength                int64 // version 2
	list                                bool  // x is in a repeated group
	nesting                             int   // groups around x, if it is not in a list
}

func ok() spec {
	return spec{rows: 2, groupRows: 2, values: 2, pageValues: 2, children: 1, uncompressed: -1, compressed: -1, start: 4, payload: make([]byte, 8)}
}

func (s spec) build() []byte {
	page := &enc{}
	if s.uncompressed < 0 {
		s.uncompressed = int64(len(s.payload))
	}
	if s.compressed < 0 {
		s.compressed = int64(len(s.payload))
	}
	page.i32(1, s.pageType).i32(1, s.uncompressed).i32(1, s.compressed)
	switch s.pageType {
	case dataPage:
		page.field(2, typeStruct).i32(1, s.pageValues).i32(1, s.encoding).i32(1, rle).i32(1, rle).stop()
	case dictionaryPage:
		page.field(4, typeStruct).i32(1, s.pageValues).i32(1, s.encoding).stop()
	case dataPageV2:
		page.field(5, typeStruct).i32(1, s.pageValues).i32(1, 0).i32(1, s.rows).i32(1, s.encoding).i32(1, s.defLength).i32(1, s.repLength).stop()
	}
	page.stop()
	pages := append(page.b, s.payload...)

	f := &enc{}
	repetition := int64(0)
	if s.optional {
		repetition = 1
	}
	f.i32(1, 1)
	groups := s.nesting
	if s.list {
		groups = 1
	}
	f.list(1, 2+groups).str(4, "root").i32(1, s.children).stop()
	for range groups {
		repeat := int64(0)
		if s.list {
			repeat = 2
		}
		f.i32(3, repeat).str(1, "g").i32(1, 1).stop()
	}
	f.i32(1, int32Type).i32(2, repetition).str(1, "x").stop()
	f.i64(1, s.rows)
	f.list(1, 1).list(1, 1).i64(2, 0).field(1, typeStruct)
	f.i32(1, int32Type).i32(3, s.codec).i64(1, s.values).i64(1, s.uncompressed).i64(1, int64(len(pages))).i64(2, s.start).stop().stop()
	f.i64(1, 100).i64(1, s.groupRows).stop()
	if s.arrowSchema != "" {
		f.list(1, 1).str(1, "ARROW:schema").str(1, s.arrowSchema).stop()
	}
	return file(pages, f.stop().b)
}

func check(b []byte, limits Limits) error { return Check(bytes.NewReader(b), int64(len(b)), limits) }

func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error is %v, want one with %q", err, want)
	}
}

func TestCheckSpec(t *testing.T) {
	framed := func(n uint32, body int) string {
		b := binary.LittleEndian.AppendUint32([]byte{0xff, 0xff, 0xff, 0xff}, n)
		return base64.StdEncoding.EncodeToString(append(b, make([]byte, body)...))
	}
	levels := func(runs ...byte) []byte { // length, runs, two values
		b := binary.LittleEndian.AppendUint32(nil, uint32(len(runs)))
		return append(append(b, runs...), make([]byte, 8)...)
	}
	for name, c := range map[string]struct {
		edit   func(*spec)
		limits Limits
		want   string // "" for a file that is fine
	}{
		"good":          {edit: func(*spec) {}},
		"optional":      {edit: func(s *spec) { s.optional, s.payload = true, levels(2<<1, 1) }},
		"packed levels": {edit: func(s *spec) { s.optional, s.payload = true, levels(1<<1|1, 3) }},
		"version 2": {edit: func(s *spec) {
			s.optional, s.pageType, s.defLength, s.payload = true, dataPageV2, 2, levels(2<<1, 1)[4:]
		}},
		"arrow schema":      {edit: func(s *spec) { s.arrowSchema = framed(8, 8) }},
		"no arrow schema":   {edit: func(s *spec) { s.arrowSchema = framed(8, 8) }, limits: Limits{NoArrowSchema: true}, want: "embeds an Arrow schema"},
		"long arrow schema": {edit: func(s *spec) { s.arrowSchema = framed(1<<30, 8) }, want: "cut short"},
		"bad arrow schema":  {edit: func(s *spec) { s.arrowSchema = "!" }, want: "not valid base64"},
		"rows":              {edit: func(s *spec) { s.rows = 3 }, want: "do not add up"},
		"negative rows":     {edit: func(s *spec) { s.rows = -1 }, want: "negative number of rows"},
		"group rows":        {edit: func(s *spec) { s.groupRows = 1 << 62 }, want: "do not add up"},
		"max rows":          {edit: func(*spec) {}, limits: Limits{MaxRows: 1}, want: "more than 1 rows"},
		"values":            {edit: func(s *spec) { s.values = 3 }, want: "not that of the rows"},
		"children":          {edit: func(s *spec) { s.children = 2 }, want: "does not add up"},
		"codec":             {edit: func(s *spec) { s.codec = 5 }, want: "compression LZ4 is not supported"},
		"unknown codec":     {edit: func(s *spec) { s.codec = 99 }, want: "compression 99 is not supported"},
		"offset":            {edit: func(s *spec) { s.start = 1 << 40 }, want: "outside the file"},
		"negative offset":   {edit: func(s *spec) { s.start = -1 }, want: "outside the file"},
		"page type":         {edit: func(s *spec) { s.pageType = 1 }, want: "pages of type 1"},
		"page values":       {edit: func(s *spec) { s.pageValues = 3 }, want: "number of values is impossible"},
		"fewer values":      {edit: func(s *spec) { s.pageValues = 1 }, want: "page header is damaged"},
		"compressed":        {edit: func(s *spec) { s.compressed = 1 << 30 }, want: "past its column chunk"},
		"uncompressed":      {edit: func(s *spec) { s.uncompressed = 7 }, want: "does not decompress to the size"},
		"max page":          {edit: func(*spec) {}, limits: Limits{MaxPage: 7}, want: "at most 7 are accepted"},
		"max total":         {edit: func(*spec) {}, limits: Limits{MaxTotal: 7}, want: "the 7 bytes that are accepted"},
		"max footer":        {edit: func(*spec) {}, limits: Limits{MaxFooter: 7}, want: "at most 7 are accepted"},
		"short page":        {edit: func(s *spec) { s.payload = make([]byte, 7) }, want: "too short for its values"},
		"encoding":          {edit: func(s *spec) { s.encoding = 9 }, want: "BYTE_STREAM_SPLIT is not supported"},
		"no dictionary":     {edit: func(s *spec) { s.encoding = rleDictionary }, want: "needs a dictionary"},
		"huge dictionary":   {edit: func(s *spec) { s.pageType, s.pageValues = dictionaryPage, 1<<25 }, want: "too short for its entries"},
		"ended levels":      {edit: func(s *spec) { s.optional, s.payload = true, levels(1<<1, 1) }, want: "runs hold fewer values"},
		"no levels":         {edit: func(s *spec) { s.optional, s.payload = true, nil }, want: "too short for its levels"},
		"long levels": {edit: func(s *spec) {
			s.optional, s.payload = true, binary.LittleEndian.AppendUint32(nil, 1<<31+1)
		}, want: "too short for its levels"},
		"level 7":     {edit: func(s *spec) { s.optional, s.payload = true, levels(2<<1, 7) }, want: "a level that its column does not"},
		"levels v2":   {edit: func(s *spec) { s.pageType, s.defLength = dataPageV2, 9 }, want: "longer than the page"},
		"huge deltas": {edit: func(s *spec) { s.encoding, s.payload = deltaBinaryPacked, binary.AppendUvarint(nil, 1<<40) }, want: "deltas are damaged"},
		"snappy bomb": {edit: func(s *spec) { s.codec, s.payload = snappyCodec, binary.AppendUvarint(nil, 1<<31) }, want: "does not decompress"},
		"not zstd":    {edit: func(s *spec) { s.codec, s.payload = zstdCodec, []byte("x") }, want: "does not decompress"},
		"not gzip":    {edit: func(s *spec) { s.codec, s.payload = gzipCodec, []byte("x") }, want: "not valid gzip"},
		"not brotli":  {edit: func(s *spec) { s.codec, s.payload = brotliCodec, []byte("x") }, want: "does not decompress"},
	} {
		t.Run(name, func(t *testing.T) {
			s := ok()
			c.edit(&s)
			err := check(s.build(), c.limits)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, c.want)
		})
	}
}

func TestCheckFrames(t *testing.T) {
	deep := bytes.Repeat([]byte{1<<4 | typeStruct}, 1000)
	list := (&enc{}).i32(1, 1).list(1, 1<<40).b
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"empty":         {nil, "too short"},
		"text":          {[]byte("id,name\n1,Anna\n2,Bob\n"), "not a Parquet file"},
		"tail only":     {file(nil, nil)[4:], "too short"},
		"long footer":   {append([]byte(magic), "\xff\xff\xff\xffPAR1"...), "longer than the file"},
		"encrypted":     {[]byte("PARE\x00\x00\x00\x00PARE"), "encrypted"},
		"empty footer":  {file(nil, nil), "footer is damaged"},
		"no columns":    {file(nil, []byte{0}), "no columns"},
		"deep":          {file(nil, deep), "more than 64 deep"},
		"huge list":     {file(nil, list), "in the middle of a value"},
		"long varint":   {file(nil, append([]byte{1<<4 | typeI32}, bytes.Repeat([]byte{0xff}, 12)...)), "more than 64 bits"},
		"unknown type":  {file(nil, []byte{1<<4 | 15, 0}), "unknown type"},
		"huge map":      {file(nil, []byte{1<<4 | typeMap, 0xff, 0xff, 0x7f, 0x55}), "in the middle of a value"},
		"all the types": {file(nil, []byte{1<<4 | typeMap, 1, typeByte<<4 | typeTrue, 9, 1, 1<<4 | typeUUID, 0}), "in the middle of a value"},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, check(c.file, Limits{}), c.want) })
	}
}

// TestCheckNested checks a column in a list, whose pages begin with repetition levels.
func TestCheckNested(t *testing.T) {
	two := func(rep, def []byte) []byte { // both kinds of levels with their lengths, and two values
		var b []byte
		for _, runs := range [][]byte{rep, def} {
			b = append(binary.LittleEndian.AppendUint32(b, uint32(len(runs))), runs...)
		}
		return append(b, make([]byte, 8)...)
	}
	same := func(n, level byte) []byte { return []byte{n << 1, level} }
	packed := func(levels byte) []byte { return []byte{1<<1 | 1, levels} }
	for name, c := range map[string]struct {
		edit func(*spec)
		want string
	}{
		"rows of one": {edit: func(s *spec) { s.payload = two(same(2, 0), same(2, 1)) }},
		"one row":     {edit: func(s *spec) { s.rows, s.groupRows, s.payload = 1, 1, two(packed(2), same(2, 1)) }},
		"empty lists": {edit: func(s *spec) { s.payload = two(same(2, 0), same(2, 0)) }},
		"version 2": {edit: func(s *spec) {
			s.pageType, s.repLength, s.defLength, s.payload = dataPageV2, 2, 2, append(same(2, 0), append(same(2, 1), make([]byte, 8)...)...)
		}},
		"struct":        {edit: func(s *spec) { s.list, s.nesting = false, 4 }},
		"too deep":      {edit: func(s *spec) { s.list, s.nesting = false, 5 }, want: "nested more than 4 deep"},
		"lacks a group": {edit: func(s *spec) { s.list, s.nesting, s.children = false, 1, 2 }, want: "does not add up"},
		"mid-list":      {edit: func(s *spec) { s.rows, s.groupRows, s.payload = 1, 1, two(packed(1), same(2, 1)) }, want: "in the middle of a list"},
		"fewer rows":    {edit: func(s *spec) { s.payload = two(packed(2), same(2, 1)) }, want: "as many rows"},
		"more rows":     {edit: func(s *spec) { s.rows, s.groupRows, s.payload = 1, 1, two(same(2, 0), same(2, 1)) }, want: "as many rows"},
		"repetition 7":  {edit: func(s *spec) { s.payload = two(same(2, 7), same(2, 1)) }, want: "a level that its column does not"},
		"definition 7":  {edit: func(s *spec) { s.payload = two(same(2, 0), same(2, 7)) }, want: "a level that its column does not"},
		"short levels":  {edit: func(s *spec) { s.payload = two(same(1, 0), same(2, 1)) }, want: "fewer values"},
		"no levels":     {edit: func(s *spec) { s.payload = nil }, want: "too short for its levels"},
		"no definition": {edit: func(s *spec) { s.payload = two(same(2, 0), nil)[:6] }, want: "too short for its levels"},
		"fewer values":  {edit: func(s *spec) { s.values, s.pageValues = 1, 1 }, want: "not that of the rows"},
		"huge":          {edit: func(s *spec) { s.values = 1 << 50 }, want: "not that of the rows"},
	} {
		t.Run(name, func(t *testing.T) {
			s := ok()
			s.list = true
			c.edit(&s)
			err := check(s.build(), Limits{MaxNesting: 4})
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			wantError(t, err, c.want)
		})
	}
	s := ok()
	s.list = true
	wantError(t, check(s.build(), Limits{}), "nested types are not supported here")
}

// TestCountLevels counts levels of several bits in runs of both kinds.
func TestCountLevels(t *testing.T) {
	stream := []byte{3 << 1, 2, 1<<1 | 1, 0b11_10_01_00, 0b00_00_00_10} // 2 2 2, then 0 1 2 3 2 0 0 0
	for want, found := range []int{4, 1, 5, 1} {
		if got, err := countLevels(stream, 3, 11, want); got != found || err != nil {
			t.Errorf("level %d was found %d times, %v; want %d", want, got, err, found)
		}
	}
	if _, err := countLevels(stream, 2, 11, 0); err == nil {
		t.Error("a level of 3 was accepted where the most is 2")
	}
}

// TestCheckAccepts runs the check over what another implementation writes.
func TestCheckAccepts(t *testing.T) {
	type row struct {
		A int64    `parquet:"a,delta,zstd"`
		B string   `parquet:"b,delta,gzip"`
		C string   `parquet:"c,dict,snappy"`
		D []byte   `parquet:"d,optional,brotli"`
		E bool     `parquet:"e"`
		F *float32 `parquet:"f,optional"`
		G [5]byte  `parquet:"g"`
	}
	var rows []row
	x := float32(1)
	for i := range 3000 {
		r := row{A: int64(i) * int64(i) * (1 - 2*int64(i%2)), B: strings.Repeat("ab", i%50), C: string(rune('a' + i%26))}
		if i%3 == 0 {
			r.D, r.F = []byte{1}, &x
		}
		rows = append(rows, r)
	}
	for _, version := range []int{1, 2} {
		var buf bytes.Buffer
		if err := pq.Write(&buf, rows, pq.DataPageVersion(version), pq.PageBufferSize(500), pq.MaxRowsPerRowGroup(1000)); err != nil {
			t.Fatal(err)
		}
		if err := check(buf.Bytes(), Limits{MaxFooter: 1 << 20, MaxPage: 1 << 20, MaxTotal: 1 << 24, MaxRows: 3000}); err != nil {
			t.Errorf("version %d: %v", version, err)
		}
	}
}

// A value of DELTA_BYTE_ARRAY repeats a prefix of the one before: a few bytes of file can stand for
// gigabytes.
func TestCheckRefusesUnfolding(t *testing.T) {
	type row struct {
		S string `parquet:"s,delta"`
	}
	rows := make([]row, 2000)
	for i := range rows {
		rows[i].S = strings.Repeat("x", 1000)
	}
	var buf bytes.Buffer
	if err := pq.Write(&buf, rows, pq.PageBufferSize(64<<20)); err != nil {
		t.Fatal(err)
	}
	if err := check(buf.Bytes(), Limits{MaxPage: 4 << 20}); err != nil {
		t.Error(err)
	}
	wantError(t, check(buf.Bytes(), Limits{MaxPage: 1 << 20}), "deltas are damaged")
}

func TestGuard(t *testing.T) {
	err := Guard(func() error { panic("secret cell") })
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("a panic becomes %v", err)
	}
	want := errors.New("plain")
	if err := Guard(func() error { return want }); err != want {
		t.Errorf("an error becomes %v", err)
	}
	if err := Guard(func() error { return nil }); err != nil {
		t.Error(err)
	}
}

func TestUnpack(t *testing.T) {
	// 64 values of every width, packed lowest bits first.
	for width := range 65 {
		values := make([]uint64, 64)
		packed := make([]byte, width*8)
		for i := range values {
			v := uint64(i+1) * 0x9e3779b97f4a7c15
			if width < 64 {
				v &= 1<<width - 1
			}
			values[i] = v
			for bit := range width {
				if v>>bit&1 == 1 {
					packed[(i*width+bit)/8] |= 1 << ((i*width + bit) % 8)
				}
			}
		}
		for i, want := range values {
			if got := unpack(packed, i*width, width); got != want {
				t.Fatalf("width %d, value %d: %#x, want %#x", width, i, got, want)
			}
		}
	}
}

func FuzzCheck(f *testing.F) {
	f.Add(ok().build())
	optional := ok()
	optional.optional, optional.payload = true, []byte{2, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	f.Add(optional.build())
	list := ok()
	list.list, list.payload = true, []byte{2, 0, 0, 0, 4, 0, 2, 0, 0, 0, 4, 1, 0, 0, 0, 0, 0, 0, 0, 0}
	f.Add(list.build())
	f.Fuzz(func(t *testing.T, data []byte) {
		// Must return, within its limits.
		_ = check(data, Limits{MaxFooter: 1 << 16, MaxPage: 1 << 16, MaxTotal: 1 << 20, MaxRows: 1 << 16, MaxNesting: 8})
	})
}
