package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	pq "github.com/parquet-go/parquet-go"
)

// canaries are texts that stand in data once each, so that whatever holds one is known to hold that cell. A text canary is 20 letters
// and digits, a number canary 18 digits.
type canaries struct {
	rng   *rand.Rand
	all   []string
	index map[string]string // every fragment of a canary, in lower case, to what it is of
}

// fragment is how much of a canary gives it away: this many characters of a text one, anywhere in it, or the first of a number,
// which is as many digits as survive in a float64. Random texts and numbers of synthetic tables are no fragment: 10,000 canaries have 6e4
// fragments out of 36¹⁵, or 1e15, and the test looks at some 1e5 made-up numbers and 1e8 places of texts: a false alarm has a probability below 1e-6.
const fragment = 15

func newCanaries() *canaries {
	return &canaries{rng: rand.New(rand.NewPCG(11, 12)), index: map[string]string{}}
}

// text returns a new canary, which starts with a letter.
func (c *canaries) text() string {
	const letters, characters = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz0123456789"
	b := []byte{letters[c.rng.IntN(len(letters))]}
	for len(b) < 20 {
		b = append(b, characters[c.rng.IntN(len(characters))])
	}
	c.add(string(b))
	return string(b)
}

// add makes a text a canary.
func (c *canaries) add(canary string) {
	c.all = append(c.all, canary)
	for i := range len(canary) - fragment + 1 {
		c.index[canary[i:i+fragment]] = canary
	}
}

// number returns a new canary of digits alone.
func (c *canaries) number() string {
	n := fmt.Sprint(1e17 + c.rng.Int64N(9e17))
	c.all = append(c.all, n)
	c.index[n[:fragment]] = n
	return n
}

// forget makes the canaries be no canaries any more: they are in a place that is public.
func (c *canaries) forget(public ...string) {
	for _, canary := range public {
		for i := range len(canary) - fragment + 1 {
			delete(c.index, canary[i:i+fragment])
		}
	}
}

// find returns where in data there is a canary, as it is, in another case, in UTF-16, or in hexadecimal or base64; also in the cells of a
// Parquet file. It returns "" where there is none.
func (c *canaries) find(data []byte) string {
	texts := map[string][]byte{"as it is": data, "in UTF-16": bytes.ReplaceAll(data, []byte{0}, nil)}
	for i := range 2 {
		texts[fmt.Sprintf("in hexadecimal from digit %d", i)] = decoded(data, hexDigits, i, 2, func(dst, src []byte) { hex.Decode(dst, src) })
	}
	for i := range 4 {
		texts[fmt.Sprintf("in base64 from character %d", i)] = decoded(data, base64Characters, i, 4, func(dst, src []byte) {
			base64.StdEncoding.Decode(dst, src)
		})
	}
	if bytes.HasPrefix(data, []byte("PAR1")) {
		texts["in a Parquet page"] = pages(data)
	}
	for where, text := range texts {
		if canary := c.plain(text); canary != "" {
			return canary + " " + where
		}
	}
	return ""
}

// plain returns the canary of which text holds a fragment.
func (c *canaries) plain(text []byte) string {
	lower := bytes.ToLower(text)
	for i := range len(lower) - fragment + 1 {
		if canary, ok := c.index[string(lower[i:i+fragment])]; ok {
			return canary
		}
	}
	return ""
}

const hexDigits = "0123456789abcdefABCDEF"
const base64Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// decoded returns what runs of an encoding's characters stand for, when they are read from the i-th character on in groups of n.
func decoded(data []byte, alphabet string, i, n int, decode func(dst, src []byte)) []byte {
	data = bytes.Map(func(r rune) rune { // the URL-safe alphabet as well
		switch r {
		case '-':
			return '+'
		case '_':
			return '/'
		}
		return r
	}, data)
	var out []byte
	for _, run := range bytes.FieldsFunc(data, func(r rune) bool { return !strings.ContainsRune(alphabet, r) }) {
		if len(run) < fragment {
			continue
		}
		run = run[min(i, len(run)):]
		dst := make([]byte, len(run))
		decode(dst, run[:len(run)/n*n])
		out = append(append(out, dst...), '\n')
	}
	return out
}

// pages returns every cell of a Parquet file. A file that cannot be read has none: its bytes are looked at as they are.
func pages(data []byte) []byte {
	f, err := pq.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil
	}
	var out bytes.Buffer
	for _, group := range f.RowGroups() {
		rows := group.Rows()
		buffer := make([]pq.Row, 64)
		for {
			n, err := rows.ReadRows(buffer)
			for _, row := range buffer[:n] {
				for _, value := range row {
					fmt.Fprintln(&out, value)
				}
			}
			if err != nil || n == 0 {
				if err != nil && err != io.EOF {
					fmt.Fprintln(&out, err)
				}
				break
			}
		}
		rows.Close()
	}
	return out.Bytes()
}

func TestCanariesAreFound(t *testing.T) {
	c := newCanaries()
	word, number := c.text(), c.number()
	for range 1000 {
		c.text()
	}
	var file bytes.Buffer
	if err := pq.Write(&file, []struct{ A string }{{"x"}, {word}}, pq.Compression(&pq.Zstd)); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file.Bytes(), []byte(word)) && len(pages(file.Bytes())) == 0 {
		t.Error("the Parquet file is not read")
	}
	sixteen := []byte{}
	for _, b := range []byte(word) {
		sixteen = append(sixteen, b, 0)
	}
	for form, text := range map[string]string{
		"exact": word, "quoted": fmt.Sprintf("error: %q", word), "upper": strings.ToUpper(word), "in a line": "a," + word + "\n",
		"cut": word[2:18], "hex": fmt.Sprintf("%x", word), "hex after a digit": fmt.Sprintf("f%X", word),
		"base64": base64.StdEncoding.EncodeToString([]byte(word)), "base64 of more": base64.URLEncoding.EncodeToString([]byte("xy" + word)),
		"base64 of even more": base64.RawStdEncoding.EncodeToString([]byte("x" + word + ".")),
		"number":              number, "float": fmt.Sprint(number[:16], "00"), "Parquet": file.String(), "UTF-16": string(sixteen),
	} {
		if c.find([]byte(text)) == "" {
			t.Errorf("a canary is not found: %s", form)
		}
	}
	for _, text := range []string{"", "abc", word[:10] + "x" + word[11:12], number[1:], strings.Repeat("abcdefghijklmnopqrstuvwxyz0123456789", 10)} {
		if hit := c.find([]byte(text)); hit != "" {
			t.Errorf("found %s in %q", hit, text)
		}
	}
	if c.forget(word); c.find([]byte(word)) != "" {
		t.Error("a canary that was forgotten is found")
	}
}
