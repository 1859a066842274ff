package vault

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/failpoint"
)

// A profile is staged beside its output under a name made of the reservation that paid for it, so that whoever finds it after a crash
// knows which one that was. It has the name only when it is whole and on disk; until then partSuffix follows.
const (
	stagedMark = ".staged-"
	partSuffix = ".part"
)

// maxOutputName leaves room, of the 255 bytes that file systems allow, for what a staged name has more.
const maxOutputName = 200

func stagedPath(output, reservation string) string {
	dir, name := filepath.Split(output)
	return filepath.Join(dir, "."+name+stagedMark+reservation)
}

// checkOutput finds out what can be found out about the output before anything is spent on it.
func checkOutput(path string, force bool) error {
	if n := len(filepath.Base(path)); n > maxOutputName {
		return fmt.Errorf("create the profile: its file's name is %d bytes long, and there is room for %d", n, maxOutputName)
	}
	out, err := record.CreateAtomic(path, force)
	if err != nil {
		return err
	}
	out.Abort()
	return nil
}

// publish stages, commits and renames, in this order. What was staged for a run with a key is kept on an error, for Resume.
func publish(ctx context.Context, run *dp.Run, p *profile.Profile, opts Options) error {
	staged := stagedPath(opts.Output, run.Reservation().ID)
	digest, err := stage(staged, p)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		failpoint.Here("staged")
		// From here on the run is committed; an interrupt must not separate the commit from the rename.
		err = run.Commit(context.WithoutCancel(ctx), digest, filepath.Base(opts.Output), publicInputs(p))
	}
	if err != nil {
		if opts.Key == "" {
			os.Remove(staged)
		}
		return err
	}
	failpoint.Here("committed")
	if err := record.Publish(staged, opts.Output, opts.Force); err != nil {
		return fmt.Errorf("%w; the profile is complete in %s", err, staged)
	}
	failpoint.Here("published")
	return nil
}

// stage writes the profile to the staged path, durably, and returns the digest that the ledger takes.
func stage(staged string, p *profile.Profile) (digest string, err error) {
	var buf bytes.Buffer
	if err := profile.Write(&buf, p); err != nil {
		return "", fmt.Errorf("encode the profile: %v", err) // no profile was refused: %w would say so
	}
	part := staged + partSuffix
	if err := writePart(part, buf.Bytes()); err != nil {
		os.Remove(part)
		return "", fmt.Errorf("write the profile: %w", err)
	}
	failpoint.Here("written")
	if err := record.Publish(part, staged, true); err != nil {
		os.Remove(part)
		return "", err
	}
	return bare(profile.Digest(buf.Bytes())), nil
}

func writePart(path string, data []byte) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(data[:len(data)/2]); err != nil {
		return err
	}
	failpoint.Here("writing")
	if _, err := f.Write(data[len(data)/2:]); err != nil {
		return err
	}
	return f.Sync()
}

// bare is a digest without the name of its hash, as the ledger keeps it.
func bare(digest string) string { return strings.TrimPrefix(digest, "sha256:") }
