package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
)

// Lock keeps two processes from doing the same job at once: it holds key, any text that names the job, until unlock is
// called or the process ends. It does not wait; if another process holds the key it fails with ErrRunning. The lock is
// a courtesy between runs, so that the second can find what the first made. It protects no budget: Reserve does.
func (s *Store) Lock(ctx context.Context, key string) (unlock func() error, err error) {
	if key == "" {
		return nil, errors.New("lock a job: no key was given")
	}
	unlock, err = s.dialect.lock(ctx, s.db, sha256.Sum256([]byte("patina job "+key)))
	if err != nil {
		return nil, s.failed("lock a job", err)
	}
	return unlock, nil
}

// lock holds an exclusive lock on a file beside the ledger, which the operating system drops when the process ends. The
// file is removed by who held it.
func (f *sqliteFile) lock(ctx context.Context, _ *sql.DB, job [sha256.Size]byte) (func() error, error) {
	path := fmt.Sprintf("%s.lock-%s", f.path, hex.EncodeToString(job[:8]))
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := lockFile(file); err != nil {
			return nil, errors.Join(err, file.Close())
		}
		// Who held it before may have removed it in between: a lock on a file that nobody else can find holds nothing.
		if stillAt(file, path) {
			return func() error { return errors.Join(os.Remove(path), file.Close()) }, nil
		}
		if err := file.Close(); err != nil {
			return nil, err
		}
	}
}

// stillAt reports whether path leads to the open file.
func stillAt(file *os.File, path string) bool {
	ours, err := file.Stat()
	if err != nil {
		return false
	}
	there, err := os.Stat(path)
	return err == nil && os.SameFile(ours, there)
}
