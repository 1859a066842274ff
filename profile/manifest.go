package profile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// encodeManifest writes the manifest as JSON in one line.
func encodeManifest(m *Manifest) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(m); err != nil {
		return nil, fmt.Errorf("encode manifest: %w", err)
	}
	data := bytes.TrimRight(buf.Bytes(), "\n")
	if len(data) > MaxManifestBytes {
		return nil, refusef("the manifest is larger than %d bytes", MaxManifestBytes)
	}
	return data, nil
}

// decodeManifest reads the manifest's JSON. It refuses whatever two readers could understand differently: unknown or
// repeated members, members in another case, text after the object, invalid UTF-8.
func decodeManifest(data []byte) (Manifest, error) {
	var m Manifest
	if len(data) > MaxManifestBytes {
		return m, refusef("the manifest is larger than %d bytes", MaxManifestBytes)
	}
	if !utf8.Valid(data) {
		return m, refusef("the manifest is not UTF-8")
	}
	if err := checkMembers(json.NewDecoder(bytes.NewReader(data))); err != nil {
		return m, refusef("read manifest: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&m); err != nil {
		return m, refusef("read manifest: %w", err)
	}
	return m, nil
}

// maxNesting bounds the depth of the manifest, whose schema needs three levels. Decoder.Token has no bound of its own.
const maxNesting = 8

// checkMembers reads one JSON value to the end of the input and checks that no object in it names a member twice or
// in another case: encoding/json would match both, and keep the last.
func checkMembers(dec *json.Decoder) error {
	if err := checkValue(dec, maxNesting); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the object")
	}
	return nil
}

func checkValue(dec *json.Decoder, depth int) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	delim, nested := tok.(json.Delim)
	if !nested {
		return nil
	}
	if depth == 0 {
		return errors.New("nested too deep")
	}
	seen := map[string]bool{}
	for dec.More() {
		if delim == '{' {
			if err := checkMember(dec, seen); err != nil {
				return err
			}
		}
		if err := checkValue(dec, depth-1); err != nil {
			return err
		}
	}
	_, err = dec.Token()
	return err
}

func checkMember(dec *json.Decoder, seen map[string]bool) error {
	tok, err := dec.Token()
	if err != nil {
		return err
	}
	name, ok := tok.(string)
	if !ok || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
		return errors.New("a member's name is not in lower case letters, digits and underscores")
	}
	if seen[name] {
		return errors.New("a member is repeated")
	}
	seen[name] = true
	return nil
}
