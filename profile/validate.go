package profile

import (
	"errors"
	"fmt"
	"math"
	"unicode/utf8"
)

// Validate checks everything FORMAT.md says of a profile, so that whoever holds a valid one can use it without
// checks of their own. Its error is ErrInvalid and names the first thing found wrong; it quotes names and numbers,
// never labels.
func (p *Profile) Validate() error {
	for _, check := range []func() error{p.Manifest.check, p.checkSize, p.checkAttributes, p.checkMeasurements, p.checkTables} {
		if err := check(); err != nil {
			return fmt.Errorf("%w: %w", ErrInvalid, err)
		}
	}
	return nil
}

// checkSize bounds the work of the checks after it.
func (p *Profile) checkSize() error {
	if n := len(p.Attributes); n > MaxAttributes {
		return fmt.Errorf("%d attributes: at most %d", n, MaxAttributes)
	}
	if n := max(len(p.Measurements), len(p.Tables)); n > MaxItems {
		return fmt.Errorf("%d measurements or tables: at most %d", n, MaxItems)
	}
	rows, text := 0, 0
	for i := range p.Attributes {
		a := &p.Attributes[i]
		if n := len(a.Codes); n > MaxCodes {
			return fmt.Errorf("attribute %q: %d codes: at most %d", a.Name, n, MaxCodes)
		}
		rows += len(a.Codes)
		text += a.textBytes()
	}
	for i := range p.Measurements {
		rows += len(p.Measurements[i].Cells)
	}
	for i := range p.Tables {
		rows += len(p.Tables[i].Cells)
	}
	if rows > MaxRows {
		return fmt.Errorf("%d codes and cells: at most %d", rows, MaxRows)
	}
	if text > MaxDomainText {
		return fmt.Errorf("%d bytes of names and labels: at most %d", text, MaxDomainText)
	}
	return nil
}

// textBytes returns the bytes of the attribute's names and labels.
func (a *Attribute) textBytes() int {
	n := len(a.Name) + len(a.Column)
	for i := range a.Codes {
		n += len(a.Codes[i].Label)
	}
	return n
}

// checkName checks a name that must be there.
func checkName(name string) error {
	if name == "" {
		return errors.New("empty name")
	}
	return checkText(name)
}

// checkText checks a text of the manifest or a name, which JSON and Parquet store as UTF-8.
func checkText(s string) error {
	if len(s) > MaxText {
		return fmt.Errorf("text of %d bytes: at most %d", len(s), MaxText)
	}
	if !utf8.ValidString(s) {
		return errors.New("text is not UTF-8")
	}
	return nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// positive reports whether x is a finite number above zero.
func positive(x float64) bool { return x > 0 && finite(x) }
