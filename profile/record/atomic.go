package record

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"
)

// An AtomicFile is a file that appears under its name only when it is complete and on disk. Until Commit
// it is beside its destination, as .NAME.tmp-RANDOM.
type AtomicFile struct {
	path  string
	force bool
	file  *os.File
	buf   *bufio.Writer
	done  atomic.Bool
}

// CreateAtomic begins a file that Commit will put at path. Without force an existing file is an error, now
// and again at Commit. The error of a directory that cannot be written to says so.
func CreateAtomic(path string, force bool) (*AtomicFile, error) {
	if err := checkDestination(path, force); err != nil {
		return nil, err
	}
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	temp := filepath.Join(dir, "."+name+".tmp-"+rand.Text())
	// The mode is the one of an ordinary new file: the umask applies.
	file, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, fmt.Errorf("create %s: cannot write to directory %s: %w", path, dir, errors.Unwrap(err))
	}
	return &AtomicFile{path: path, force: force, file: file, buf: bufio.NewWriterSize(file, 1<<18)}, nil
}

func checkDestination(path string, force bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("create %s: %w", path, err)
	case info.IsDir():
		return fmt.Errorf("create %s: it is a directory", path)
	case !force:
		return existsError(path)
	}
	return nil
}

func existsError(path string) error {
	return fmt.Errorf("create %s: the file exists: give --force to replace it", path)
}

// Write implements io.Writer. After the first error every call returns it, and so does Commit.
func (a *AtomicFile) Write(p []byte) (int, error) {
	n, err := a.buf.Write(p)
	if err != nil {
		return n, fmt.Errorf("write %s: %w", a.path, err)
	}
	return n, nil
}

// Commit makes the file durable and gives it its name: flush, fsync, rename, fsync of the directory, in
// this order. On an error nothing is left behind.
func (a *AtomicFile) Commit() error {
	if a.done.Swap(true) {
		return fmt.Errorf("write %s: committed or aborted before", a.path)
	}
	err := a.buf.Flush()
	if err == nil {
		err = a.file.Sync()
	}
	if closeErr := a.file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		os.Remove(a.file.Name())
		return fmt.Errorf("write %s: %w", a.path, err)
	}
	if err := Publish(a.file.Name(), a.path, a.force); err != nil {
		os.Remove(a.file.Name())
		return err
	}
	return nil
}

// Publish gives the complete file at temp, which must be in the same directory, the name path, for good: the directory is synced.
// Without force an existing file is an error. A hard link fails if there is one, in one step; where there are no hard links, looking
// first has to do. After an error the file is still at temp, unless only the syncing failed.
func Publish(temp, path string, force bool) error {
	if err := move(temp, path, force); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

func move(temp, path string, force bool) error {
	if !force {
		err := os.Link(temp, path)
		if err == nil {
			return os.Remove(temp)
		}
		if errors.Is(err, fs.ErrExist) {
			return existsError(path)
		}
		if err := checkDestination(path, false); err != nil {
			return err
		}
	}
	if err := os.Rename(temp, path); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Abort removes what has been written. It does nothing after Commit, so it can be deferred.
func (a *AtomicFile) Abort() {
	if a.done.Swap(true) {
		return
	}
	a.file.Close()
	os.Remove(a.file.Name())
}

// SyncDir makes the names in a directory durable.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync directory %s: %w", dir, err)
	}
	return nil
}
