package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
)

// standardOutput is the name of what is no file.
const standardOutput = "-"

// A sampleTarget is where records are written, and where what is said of them goes.
type sampleTarget struct {
	path    string // of a file
	piped   bool   // to standard output
	streams Streams
	deliver func() error // passes the file on once it is whole
	clean   func()
}

// name is the target's for messages.
func (t *sampleTarget) name() string {
	if t.piped {
		return "standard output"
	}
	return t.path
}

// target returns where records go: to the output, or by way of a temporary file to standard output, so that a run that fails writes nothing
// there.
func (o *sampleOptions) target(p *profile.Profile, streams Streams) (*sampleTarget, error) {
	if o.output != standardOutput {
		if o.format != "" {
			return nil, usagef("--format is for -o -: a file's name says its format")
		}
		return &sampleTarget{path: o.output, streams: streams, deliver: func() error { return nil }, clean: func() {}}, nil
	}
	format := record.Format(o.format)
	if format == "" {
		format = p.Manifest.Format
	}
	switch {
	case o.json:
		return nil, usagef("--json and -o - both write to standard output: take one of them away")
	case streams.OutTerminal && format == record.Parquet:
		return nil, usagef("Parquet is nothing to look at: give a file, or pass standard output on, or --format csv")
	}
	dir, err := os.MkdirTemp("", "patina-sample-*")
	if err != nil {
		return nil, err
	}
	t := &sampleTarget{piped: true, path: filepath.Join(dir, "synthetic."+string(format)), streams: streams, clean: func() { os.RemoveAll(dir) }}
	t.streams.Out, t.streams.OutTerminal = streams.Err, streams.ErrTerminal
	t.deliver = func() error {
		file, err := os.Open(t.path)
		if err != nil {
			return err
		}
		defer file.Close()
		if _, err := io.Copy(streams.Out, file); err != nil {
			return fmt.Errorf("write to standard output: %w", err)
		}
		return nil
	}
	return t, nil
}
