package record

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
)

// commonEncodings are the common names of encodings, for messages. The names of the IANA registry and of web browsers are
// known as well.
const commonEncodings = "utf-8, latin-1, iso-8859-15, windows-1250 to windows-1258, macintosh, cp437, cp850, koi8-r, utf-16le, utf-16be, shift_jis, euc-jp, gbk, gb18030, big5 or euc-kr"

// The byte order marks and the encodings they announce.
var byteOrderMarks = []struct{ mark, encoding string }{
	{"\xef\xbb\xbf", "utf-8"},
	{"\xff\xfe", "utf-16le"},
	{"\xfe\xff", "utf-16be"},
}

// encodingNames maps what people write to the name in [Dialect], where registries say something else or nothing.
// ISO 8859-1 is meant by its name, as in the IANA registry; browsers take it for windows-1252. UTF-16 without a mark is
// taken as little-endian, as browsers do. ASCII is read as UTF-8, which contains it and keeps what is not.
var encodingNames = map[string]string{
	"": "utf-8", "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "utf8-sig": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8",
	"latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1", "iso8859-1": "latin-1", "iso_8859-1": "latin-1", "l1": "latin-1",
	"cp1252":    "windows-1252",
	"macintosh": "macintosh", "macroman": "macintosh", "mac-roman": "macintosh", "mac_roman": "macintosh", "mac": "macintosh",
	"utf-16": "utf-16le", "utf16": "utf-16le", "utf-16le": "utf-16le", "utf-16be": "utf-16be",
	"latin-9": "iso-8859-15", "latin9": "iso-8859-15",
	"sjis": "shift_jis", "shift-jis": "shift_jis", "cp932": "shift_jis",
	"cp936": "gbk", "cp949": "euc-kr", "cp950": "big5",
}

// encodings are those that registries know under other names, or not at all.
var encodings = map[string]encoding.Encoding{
	"latin-1":   charmap.ISO8859_1,
	"macintosh": charmap.Macintosh,
	"utf-16le":  unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM),
	"utf-16be":  unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM),
}

// findEncoding returns an encoding by any of its names, and the name in [Dialect], under which it is found again.
// UTF-8 has none: its bytes are passed through, valid or not.
func findEncoding(name string) (string, encoding.Encoding, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	if own, ok := encodingNames[name]; ok {
		name = own
	}
	if name == "utf-8" {
		return name, nil, nil
	}
	if e, ok := encodings[name]; ok {
		return name, e, nil
	}
	canonical, e := registered(name)
	switch own, ok := encodingNames[canonical]; {
	case e == nil:
		return "", nil, fmt.Errorf("unknown encoding %q: give %s", name, commonEncodings)
	case ok:
		return findEncoding(own)
	}
	return canonical, e, nil
}

// registered looks an encoding up in the IANA registry, and then among those of browsers, who take some encodings for
// larger ones.
func registered(name string) (canonical string, e encoding.Encoding) {
	var err error
	if e, err = ianaindex.IANA.Encoding(name); err == nil && e != nil {
		canonical, err = ianaindex.MIME.Name(e)
	} else if e, err = htmlindex.Get(name); err == nil {
		canonical, err = htmlindex.Name(e)
	}
	if err != nil || e == encoding.Replacement {
		return "", nil
	}
	return strings.ToLower(canonical), e
}

// decode returns a reader of r's text in UTF-8 without its byte order mark, and resolves the dialect's
// encoding: a mark wins over what is declared. UTF-8 is passed through as it is, valid or not.
func decode(r io.Reader, d *Dialect) (io.Reader, error) {
	name, e, err := findEncoding(d.Encoding)
	if err != nil {
		return nil, err
	}
	br := bufio.NewReader(r)
	head, err := br.Peek(3)
	if err != nil && err != io.EOF {
		return nil, err
	}
	d.BOM = false
	for _, m := range byteOrderMarks {
		if bytes.HasPrefix(head, []byte(m.mark)) {
			d.BOM = true
			if name, e, err = findEncoding(m.encoding); err != nil {
				return nil, err
			}
			if _, err := br.Discard(len(m.mark)); err != nil {
				return nil, err
			}
			break
		}
	}
	d.Encoding = name
	if e != nil {
		return e.NewDecoder().Reader(br), nil
	}
	return br, nil
}

// An encoder writes texts in an encoding. A character that the encoding lacks becomes the encoding's own substitute;
// bytes that are no UTF-8 are damage, and stay as they are where an encoding is made of bytes.
type encoder struct {
	e    *encoding.Encoder
	wide bool // UTF-16, in which a single byte would move all that follow
	out  []byte
}

// newEncoder returns the encoder of a dialect, or nil when there is nothing to encode.
func newEncoder(d Dialect) (*encoder, error) {
	name, e, err := findEncoding(d.Encoding)
	if err != nil || e == nil {
		return nil, err
	}
	return &encoder{e: encoding.ReplaceUnsupported(e.NewEncoder()), wide: strings.HasPrefix(name, "utf-16")}, nil
}

// encode returns the encoded text, in memory that lasts until the next call.
func (c *encoder) encode(text []byte) ([]byte, error) {
	c.out = c.out[:0]
	for len(text) > 0 {
		n := validPrefix(text)
		part := text[:n]
		if c.wide {
			n, part = len(text), bytes.ToValidUTF8(text, []byte(string(utf8.RuneError)))
		}
		encoded, err := c.e.Bytes(part)
		if err != nil {
			return nil, fmt.Errorf("encode a row: %w", err)
		}
		c.out = append(c.out, encoded...)
		for text = text[n:]; len(text) > 0 && !startsValid(text); text = text[1:] {
			c.out = append(c.out, text[0])
		}
	}
	return c.out, nil
}

// validPrefix returns how many bytes of the text's beginning are valid UTF-8.
func validPrefix(text []byte) (n int) {
	for n < len(text) && startsValid(text[n:]) {
		_, width := utf8.DecodeRune(text[n:])
		n += width
	}
	return n
}

func startsValid(text []byte) bool {
	r, width := utf8.DecodeRune(text)
	return r != utf8.RuneError || width > 1
}
