package record

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A partitioned part is a file in directories that are named KEY=VALUE, as Hive, Spark and DuckDB write them: each key is a column after the
// file's own, and its value is the same in all of the file's rows. Keys are public like column names; values are cells like any other.
type partitioned struct {
	part
	keys  []string // as columns are named
	cells []Cell   // [key]
}

// hivePartition stands for a null in the name of a directory.
const hivePartition = "__HIVE_DEFAULT_PARTITION__"

// partitionOf returns the names of the directories between what was asked for and a file that are KEY=VALUE.
func partitionOf(file string, paths []string) (names []string) {
	for _, p := range paths {
		base, ok := searched(p)
		if rel, err := filepath.Rel(base, filepath.Dir(file)); ok && err == nil && filepath.IsLocal(rel) {
			var found []string
			for name := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
				if key, _, ok := strings.Cut(name, "="); ok && key != "" {
					found = append(found, name)
				}
			}
			if len(found) > len(names) {
				names = found
			}
		}
	}
	return names
}

// searched returns the directory that a path makes us look for files in: itself, or that of a pattern.
func searched(path string) (dir string, ok bool) {
	if info, err := os.Stat(path); err == nil {
		return filepath.Clean(path), info.IsDir()
	}
	at := strings.IndexAny(path, `*?[`)
	if at < 0 {
		return "", false
	}
	return filepath.Dir(path[:at] + "x"), true
}

// partition makes a part of a file that is in such directories, and adds their keys to its schema.
func partition(p part, s Schema, names []string) (part, Schema, error) {
	if len(names) == 0 || s.Format == JSONL {
		return p, s, nil
	}
	out := &partitioned{part: p}
	known := positions(s.Columns)
	for _, name := range names {
		key, value, _ := strings.Cut(name, "=")
		if s.Format == Parquet {
			key = Path{{Key: key, Index: Member}}.String()
		}
		if _, twice := known[key]; twice {
			return nil, Schema{}, fmt.Errorf("column %q is in the file, and in the name of a directory: rename one, or name the files and not their directory", key)
		}
		known[key] = len(s.Columns)
		text, err := url.PathUnescape(value)
		if err != nil {
			text = value // not written by Hive
		}
		cell := Cell{Tag: Text, Text: text}
		switch {
		case value != hivePartition:
		case s.Format == Parquet:
			cell = Cell{Tag: Null}
		default:
			cell.Text = ""
		}
		out.keys, out.cells = append(out.keys, key), append(out.cells, cell)
		s.Columns = append(slices.Clip(s.Columns), Column{Name: key, Type: StringType, Nullable: s.Format == Parquet})
	}
	return out, s, nil
}

func (p *partitioned) read(want []string, b *batcher) error {
	var inner []string
	for _, name := range want {
		if !slices.Contains(p.keys, name) {
			inner = append(inner, name)
		}
	}
	constant := make([][]Cell, len(want)) // nil for the file's own columns
	for i, name := range want {
		if k := slices.Index(p.keys, name); k >= 0 {
			constant[i] = slices.Repeat(p.cells[k:k+1], b.limit)
		}
	}
	rows := newBatcher(b.ctx, len(inner), b.limit, func(batch *Batch) error {
		whole := *batch
		whole.Cells = make([][]Cell, len(want))
		next := 0
		for i := range want {
			if constant[i] != nil {
				whole.Cells[i] = constant[i][:batch.Rows]
				continue
			}
			whole.Cells[i] = batch.Cells[next]
			next++
		}
		return b.emit(&whole)
	})
	rows.done = b.done
	err := p.part.read(inner, rows)
	if err == nil {
		err = rows.flush()
	}
	b.stopped = rows.stopped
	return err
}

// shown is a file's path for messages: without the values in the names of directories, which are cells.
func shown(file string, names []string) string {
	for _, name := range names {
		key, _, _ := strings.Cut(name, "=")
		sep := string(filepath.Separator)
		file = strings.Replace(file, sep+name+sep, sep+key+"=…"+sep, 1)
		if rest, ok := strings.CutPrefix(file, name+sep); ok {
			file = key + "=…" + sep + rest
		}
	}
	return file
}

// withoutPath leaves the path out of an error of the system, where it may not be shown.
func withoutPath(err error, names []string) error {
	var at *fs.PathError
	if len(names) > 0 && errors.As(err, &at) {
		return at.Err
	}
	return err
}
