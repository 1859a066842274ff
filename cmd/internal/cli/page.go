package cli

import (
	"bytes"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile/record"
)

// pageFlags ask for a result as a page for a browser.
type pageFlags struct {
	path  string
	force bool
}

// register adds --html, and --force where the command has none of its own.
func (f *pageFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.path, "html", "", "write a page for a browser to this file")
	if flags.Lookup("force") == nil {
		flags.BoolVar(&f.force, "force", false, "replace an existing page")
	}
}

// write writes the page that make makes, if one is wanted. It must not be one of the inputs.
func (f *pageFlags) write(force bool, inputs []string, page func() *report.Page) error {
	if f.path == "" {
		return nil
	}
	if err := distinctOutput(f.path, inputs...); err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page().Write(&b); err != nil {
		return fmt.Errorf("make the page: %w", err)
	}
	return writeFile(f.path, b.Bytes(), force || f.force)
}

// check finds out before the work whether the page can be written after it.
func (f *pageFlags) check(inputs ...string) error {
	if f.path == "" {
		return nil
	}
	if err := distinctOutput(f.path, inputs...); err != nil {
		return err
	}
	out, err := record.CreateAtomic(f.path, f.force)
	if err != nil {
		return err
	}
	out.Abort()
	return nil
}

// said notes on the screen that a page was written.
func (f *pageFlags) said(s *screen) {
	if f.path != "" {
		s.fact("wrote", "%s", f.path)
	}
}

// free is what every page that is made of profiles alone ends with.
const free = "Made from profiles that had left the vault already: privacy cost 0."
