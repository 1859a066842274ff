package record

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

var extensions = map[string]Format{
	".csv": CSV, ".tsv": CSV, ".txt": CSV,
	".parquet": Parquet, ".pq": Parquet,
	".jsonl": JSONL, ".ndjson": JSONL, ".json": JSONL,
}

func formatOf(file string) Format { return extensions[strings.ToLower(filepath.Ext(Bare(file)))] }

// expand turns paths into files of one format: sorted, and each file once however often it is named,
// because a record read twice would count twice.
func expand(paths []string, format Format) ([]string, Format, error) {
	if format != "" && format != CSV && format != Parquet && format != JSONL {
		return nil, "", fmt.Errorf("open data: unknown format %q: give csv, parquet or jsonl", format)
	}
	var files []string
	for _, p := range paths {
		found, err := expandPath(p, format)
		if err != nil {
			return nil, "", err
		}
		files = append(files, found...)
	}
	if len(files) == 0 {
		return nil, "", errors.New("open data: no files given")
	}
	slices.Sort(files)
	files, err := distinct(files)
	if err != nil {
		return nil, "", err
	}
	if format == "" {
		format, err = commonFormat(files)
	}
	return files, format, err
}

func expandPath(path string, format Format) ([]string, error) {
	info, err := os.Stat(path)
	if err == nil {
		return expandFound(path, info, format)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open data: %w", err)
	}
	if !strings.ContainsAny(path, `*?[`) {
		return nil, fmt.Errorf("open data: there is no file %s", path)
	}
	matches, err := filepath.Glob(path)
	if err != nil {
		return nil, fmt.Errorf("open data: pattern %s: %w", path, err)
	}
	if len(matches) == 0 {
		return nil, fmt.Errorf("open data: no file matches %s", path)
	}
	var files []string
	for _, m := range matches {
		info, err := os.Stat(m)
		if err != nil {
			return nil, fmt.Errorf("open data: %w", err)
		}
		found, err := expandFound(m, info, format)
		if err != nil {
			return nil, err
		}
		files = append(files, found...)
	}
	return files, nil
}

func expandFound(path string, info fs.FileInfo, format Format) ([]string, error) {
	switch {
	case info.IsDir():
		return dataFiles(path, format)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("open data: %s is not a regular file", path)
	}
	return []string{filepath.Clean(path)}, nil
}

// dataFiles returns the files under dir whose extension is a data format's. Names that begin with a dot or
// an underscore are skipped, files and folders: they hold what tools write beside data.
func dataFiles(dir string, format Format) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		hidden := path != dir && strings.ContainsAny(d.Name()[:1], "._")
		switch {
		case d.IsDir() && hidden:
			return filepath.SkipDir
		case d.IsDir() || hidden:
			return nil
		}
		if f := formatOf(path); f != "" && (format == "" || f == format) {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("open data: list %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("open data: directory %s has no data files (.csv, .tsv, .parquet, .jsonl, …)", dir)
	}
	return files, nil
}

// distinct drops files that are another one under a second name.
func distinct(files []string) ([]string, error) {
	seen := make(map[string]bool)
	kept := files[:0]
	for _, f := range files {
		abs, err := filepath.Abs(f)
		if err == nil {
			abs, err = filepath.EvalSymlinks(abs)
		}
		if err != nil {
			return nil, fmt.Errorf("open data: %w", err)
		}
		if !seen[abs] {
			seen[abs] = true
			kept = append(kept, f)
		}
	}
	return kept, nil
}

func commonFormat(files []string) (Format, error) {
	for _, f := range files {
		if formatOf(f) == "" {
			return "", fmt.Errorf("open data: cannot tell the format of %s by its name: give it with --format csv, parquet or jsonl", f)
		}
		if formatOf(f) != formatOf(files[0]) {
			return "", fmt.Errorf("open data: %s is %s and %s is %s: a dataset has one format", files[0], formatOf(files[0]), f, formatOf(f))
		}
	}
	return formatOf(files[0]), nil
}
