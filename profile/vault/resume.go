package vault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/vault/internal/failpoint"
)

// An Earlier is what a run of the same key left behind.
type Earlier struct {
	Reservation ledger.Reservation
	Digest      string // of the profile at the output, "sha256:…"; "" if the run left none, and another must be paid for
	Finished    bool   // the profile was there, and this call committed or published it
}

// Resume looks for an earlier run of opts.Key and brings it to its end: what it staged is committed and published as it is, so that
// nothing is drawn twice for one reservation and nothing is spent again. It returns nil if there was no such run. Where there was one that
// died before its profile was whole, its budget stays spent, Digest is empty, and Profile makes a new one. Call it before Profile, with
// the key locked ([ledger.Store.Lock]). It fails when the ledger says that the profile was made and it is nowhere to be found.
func Resume(ctx context.Context, store *ledger.Store, dataset string, opts Options) (*Earlier, error) {
	res, done, found, err := store.Find(ctx, dataset, opts.Key)
	if err != nil || !found {
		return nil, err
	}
	e := &Earlier{Reservation: res}
	staged := stagedPath(opts.Output, res.ID)
	if done == nil {
		done, err = recommit(ctx, store, res.ID, staged, opts)
		if err != nil || done == nil {
			return e, err
		}
		e.Finished = true
	}
	e.Digest = "sha256:" + done.Digest
	failpoint.Here("recommitted")
	published, err := settle(staged, done, res.ID, opts)
	e.Finished = e.Finished || published
	return e, err
}

// recommit commits a staged profile that its own run did not live to commit. It returns nil if there is none that is whole; remains of one
// are removed.
func recommit(ctx context.Context, store *ledger.Store, reservation, staged string, opts Options) (*ledger.Commitment, error) {
	if err := remove(staged + partSuffix); err != nil {
		return nil, err
	}
	p, err := profile.ReadFile(staged)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, profile.ErrInvalid) || err == nil && p.Manifest.Run != reservation:
		return nil, remove(staged)
	case err != nil:
		return nil, err
	}
	digest, err := digestOf(staged)
	if err != nil {
		return nil, err
	}
	failpoint.Here("resuming")
	c := commitmentOf(p, bare(digest), filepath.Base(opts.Output))
	if err := store.Commit(ctx, reservation, c); err != nil {
		return nil, err
	}
	return &c, nil
}

// commitmentOf is the commitment that the run of a profile makes.
func commitmentOf(p *profile.Profile, digest, path string) ledger.Commitment {
	m := &p.Manifest
	c := ledger.Commitment{
		Digest: digest, Path: path, Public: publicInputs(p),
		Spent: ledger.Amount{Rho: account.Rho(m.Privacy.SpentRho), Delta: account.Delta(m.Privacy.SpentDelta)},
	}
	for _, r := range m.Releases {
		c.Releases = append(c.Releases, ledger.Spending{
			Mechanism: r.Mechanism, Purpose: r.Purpose, Column: r.Column, L2: r.L2, Sigma: r.Sigma,
			Rho: account.Rho(r.Rho), Delta: account.Delta(r.Delta), Threshold: r.Threshold,
		})
	}
	return c
}

// settle makes the committed profile be at the output: it is there, or it is published now.
func settle(staged string, done *ledger.Commitment, reservation string, opts Options) (published bool, err error) {
	want := "sha256:" + done.Digest
	there, err := digestOf(opts.Output)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	if there == want {
		return false, remove(staged) // a second name, if the run died between giving the file its name and taking the old one away
	}
	waiting, err := digestOf(staged)
	switch {
	case err == nil && waiting == want:
		return true, record.Publish(staged, opts.Output, opts.Force)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return false, err
	case there != "":
		return false, fmt.Errorf("the run was done before, as reservation %s, and its profile has the digest %s; %s is another file: "+
			"give the output that the run had (%s), or another run ID to spend anew", reservation, want, opts.Output, done.Path)
	}
	return false, fmt.Errorf("the run was done before, as reservation %s, and its profile %s with the digest %s is not at %s any more: "+
		"restore it from where it was copied to, or give another run ID to spend anew", reservation, done.Path, want, opts.Output)
}

// Stranded returns the staged files beside an output whose digests the ledger knows: profiles that were paid for and committed, and never
// got their name, because the run died or the name was taken. Files that runs without a key left unfinished are removed, and so are second
// names of the output. Call it with the output locked.
func Stranded(ctx context.Context, store *ledger.Store, dataset, output string) ([]string, error) {
	files := stagedBeside(output)
	if len(files) == 0 {
		return nil, nil
	}
	entries, err := store.Entries(ctx, dataset)
	if err != nil {
		return nil, err
	}
	runs, digests := map[string]bool{}, map[string]bool{} // reservations that no rerun resumes, and what was committed
	for _, e := range entries {
		if res, ok := e.Reservation(); ok {
			runs[res.ID] = res.Ask.Key == ""
		}
		if _, c, ok := e.Commitment(); ok {
			digests["sha256:"+c.Digest] = true
		}
	}
	there, err := digestOf(output)
	if err != nil {
		there = "" // no profile, whatever it is
	}
	var stranded []string
	for _, f := range files {
		digest, err := digestOf(f)
		if err != nil {
			continue // somebody else's: it is no reason not to run
		}
		_, id, _ := strings.Cut(filepath.Base(f), stagedMark)
		switch {
		case digests[digest] && digest != there:
			stranded = append(stranded, f)
		case digests[digest] || runs[strings.TrimSuffix(id, partSuffix)]:
			if err := remove(f); err != nil {
				return nil, err
			}
		}
	}
	return stranded, nil
}

// stagedBeside lists what was staged for an output: nothing, in a directory that cannot be listed.
func stagedBeside(output string) (files []string) {
	dir, name := filepath.Split(output)
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // whether a profile can be written there is found out next
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+name+stagedMark) && e.Type().IsRegular() {
			files = append(files, filepath.Join(dir, e.Name()))
		}
	}
	return files
}

// digestOf returns the digest of a file, as profile.Digest has it.
func digestOf(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	if info.Size() > profile.MaxFileBytes {
		return "too large for a profile", nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	return profile.Digest(data), nil
}

// remove removes a file, if there is one.
func remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove what an earlier run left: %w", err)
	}
	return nil
}
