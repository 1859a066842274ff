// Package parquetsafe decides whether a Parquet file may be handed to the Parquet library, which trusts
// what it reads: a flipped bit can make it panic, loop for ever or ask for gigabytes.
//
//  1. [ReadFooter] reads the footer with a small parser of its own: magic, length, a structural walk in
//     which nothing can claim more than the bytes that are there, then the schema and every column
//     chunk's place in the file.
//  2. [Footer.CheckChunk] walks the pages of one column chunk, decompresses each into a bounded buffer and
//     checks that its levels, dictionary indices and deltas hold as many values as its header says.
//  3. [Check] does both for a whole file.
//  4. [Guard] turns what panic may be left in the library into an error.
//
// Only flat tables are accepted, unless [Limits] allows nesting: structs, lists and maps of a bounded depth.
package parquetsafe

import (
	"errors"
	"io"
)

// Limits bound what a file may ask for. A zero field means the default for data files.
type Limits struct {
	MaxFooter int64 // bytes of the footer; default 64 MiB
	MaxPage   int64 // bytes of one uncompressed page; default 1 GiB
	MaxTotal  int64 // bytes of all uncompressed pages; default 64 TiB
	MaxRows   int64 // rows; default 2⁴⁰

	// MaxNesting bounds how many groups stand around a column, a list's two included. 0 accepts flat tables only.
	MaxNesting int

	// NoArrowSchema refuses a file that embeds an Arrow schema. The library decodes it recursively and a
	// hostile one takes time exponential in its size, so set this for files from strangers.
	NoArrowSchema bool
}

func (l Limits) withDefaults() Limits {
	for _, f := range []struct {
		field *int64
		value int64
	}{
		{&l.MaxFooter, 64 << 20},
		{&l.MaxPage, 1 << 30},
		{&l.MaxTotal, 64 << 40},
		{&l.MaxRows, 1 << 40},
	} {
		if *f.field == 0 {
			*f.field = f.value
		}
	}
	return l
}

// Check reads all of the file of size bytes behind r and returns an error when the Parquet library would
// not read it, or could be hurt by it. Errors name columns and positions, never values.
func Check(r io.ReaderAt, size int64, limits Limits) error {
	footer, err := ReadFooter(r, size, limits)
	if err != nil {
		return err
	}
	for g := range footer.Groups {
		for c := range footer.Columns {
			if err := footer.CheckChunk(g, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// errPanic replaces the library's own words: they may quote data.
var errPanic = errors.New("the Parquet library gave up on this file: it is damaged, or written in a way that is not supported; rewriting it with another tool may help")

// Guard calls f and turns a panic inside it into an error that holds no data. Keep to the goroutine of the
// call: a panic in a goroutine that the library starts cannot be caught.
func Guard(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	return f()
}
