package record

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// The byte order marks and the encodings they announce.
var byteOrderMarks = []struct{ mark, encoding string }{
	{"\xef\xbb\xbf", "utf-8"},
	{"\xff\xfe", "utf-16le"},
	{"\xfe\xff", "utf-16be"},
}

// encodingNames maps what people write to the name in [Dialect]. UTF-16 without a mark is taken as
// little-endian, as browsers do.
var encodingNames = map[string]string{
	"": "utf-8", "utf-8": "utf-8", "utf8": "utf-8",
	"latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1",
	"windows-1252": "windows-1252", "cp1252": "windows-1252",
	"macintosh": "macintosh", "macroman": "macintosh", "mac-roman": "macintosh",
	"utf-16": "utf-16le", "utf-16le": "utf-16le", "utf-16be": "utf-16be",
}

var decoders = map[string]encoding.Encoding{
	"latin-1":      charmap.ISO8859_1,
	"windows-1252": charmap.Windows1252,
	"macintosh":    charmap.Macintosh,
	"utf-16le":     unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":     unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

// decode returns a reader of r's text in UTF-8 without its byte order mark, and resolves the dialect's
// encoding: a mark wins over what is declared. UTF-8 is passed through as it is, valid or not.
func decode(r io.Reader, d *Dialect) (io.Reader, error) {
	name, ok := encodingNames[strings.ToLower(d.Encoding)]
	if !ok {
		return nil, fmt.Errorf("unknown encoding %q: give utf-8, latin-1, windows-1252, macintosh, utf-16le or utf-16be", d.Encoding)
	}
	br := bufio.NewReader(r)
	head, err := br.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	d.BOM = false
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			name, d.BOM = m.encoding, true
			if _, err := br.Discard(len(m.mark)); err != nil {
				return nil, err
			}
			break
		}
	}
	d.Encoding = name
	if e := decoders[name]; e != nil {
		return e.NewDecoder().Reader(br), nil
	}
	return br, nil
}
