package vault

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/testdata"
)

const someKey = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// died makes a run with the key that got as far as a step and no further, and returns its reservation.
func (b *bench) died(t *testing.T, key, step string) ledger.Reservation {
	t.Helper()
	b.opts.Key = key
	build, err := newBuild(&spec.Spec{Version: 1}, b.src.Schema(), b.opts)
	if err != nil {
		t.Fatal(err)
	}
	build.src = b.src
	if err := build.load(t.Context()); err != nil {
		t.Fatal(err)
	}
	account := dp.NewLedger(b.store, "d")
	run, err := account.Reserve(t.Context(), dp.Request{Epsilon: b.opts.Epsilon, Delta: b.opts.Delta, Run: "profile.parquet", Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if step == "reserved" {
		return run.Reservation()
	}
	p, err := build.measure(t.Context(), run, "d")
	if err != nil {
		t.Fatal(err)
	}
	staged := stagedPath(b.opts.Output, run.Reservation().ID)
	digest, err := stage(staged, p)
	if err != nil {
		t.Fatal(err)
	}
	if step == "staged" {
		return run.Reservation()
	}
	if err := run.Commit(t.Context(), digest, "profile.parquet", publicInputs(p)); err != nil {
		t.Fatal(err)
	}
	if step == "linked" {
		if err := os.Link(staged, b.opts.Output); err != nil {
			t.Fatal(err)
		}
	}
	return run.Reservation()
}

// commits returns the commitments in the ledger.
func (b *bench) commits(t *testing.T) (list []ledger.Commitment) {
	t.Helper()
	entries, err := b.store.Entries(t.Context(), "d")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, c, ok := e.Commitment(); ok {
			list = append(list, c)
		}
	}
	return list
}

func TestResume(t *testing.T) {
	tests := []struct {
		died     string // how far the earlier run got; "" for none
		harm     func(b *bench, staged string) error
		made     bool   // there is a profile afterwards
		finished bool   // made so by the call
		refused  string // or the error
	}{
		{died: ""},
		{died: "reserved"},
		{died: "staged", made: true, finished: true},
		{died: "committed", made: true, finished: true},
		{died: "linked", made: true},
		{died: "staged", harm: func(_ *bench, staged string) error { return os.Truncate(staged, 1000) }},
		{died: "staged", harm: func(_ *bench, staged string) error { return os.WriteFile(staged, nil, 0o600) }},
		{died: "staged", harm: func(_ *bench, staged string) error { return os.Rename(staged, staged+partSuffix) }},
		{died: "committed", harm: func(_ *bench, staged string) error { return os.Remove(staged) }, refused: "restore it"},
		{died: "committed", harm: func(_ *bench, staged string) error { return os.Truncate(staged, 1000) }, refused: "restore it"},
		{died: "linked", harm: func(b *bench, _ string) error {
			return errors.Join(os.Remove(b.opts.Output), os.WriteFile(b.opts.Output, []byte("x"), 0o600))
		}, made: true, finished: true},
		{died: "linked", harm: func(b *bench, staged string) error {
			return errors.Join(os.Remove(staged), os.Remove(b.opts.Output), os.WriteFile(b.opts.Output, []byte("x"), 0o600))
		}, refused: "is another file"},
	}
	for _, tt := range tests {
		b := newBench(t, "t.csv", numbersCSV(500))
		b.opts.Key = someKey
		var id string
		if tt.died != "" {
			id = b.died(t, someKey, tt.died).ID
		}
		if tt.harm != nil {
			if err := tt.harm(b, stagedPath(b.opts.Output, id)); err != nil {
				t.Fatal(err)
			}
		}
		before := b.account(t).Spent
		earlier, err := Resume(t.Context(), b.store, "d", b.opts)
		switch {
		case tt.refused != "":
			if err == nil || !strings.Contains(err.Error(), tt.refused) {
				t.Errorf("%s: got %v, want %q", tt.died, err, tt.refused)
			}
			continue
		case err != nil:
			t.Errorf("%s: %v", tt.died, err)
			continue
		case tt.died == "":
			if earlier != nil {
				t.Errorf("an earlier run was found where there was none: %+v", earlier)
			}
			continue
		}
		if earlier.Reservation.ID != id || (earlier.Digest != "") != tt.made || earlier.Finished != tt.finished {
			t.Errorf("%s: got %+v, want a profile: %v, by this call: %v", tt.died, earlier, tt.made, tt.finished)
		}
		if after := b.account(t).Spent; after != before {
			t.Errorf("%s: %v was spent, then %v", tt.died, before, after)
		}
		if left := stagedBeside(b.opts.Output); len(left) > 0 {
			t.Errorf("%s: %v are left", tt.died, left)
		}
		if tt.made {
			b.isMade(t, tt.died, id, earlier.Digest)
		}
	}
}

// isMade checks that the profile at the output is the reservation's, and committed once as its run would have.
func (b *bench) isMade(t *testing.T, name, id, digest string) {
	t.Helper()
	p, err := profile.ReadFile(b.opts.Output)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	commits := b.commits(t)
	if p.Manifest.Run != id || len(commits) != 1 || "sha256:"+commits[0].Digest != digest {
		t.Fatalf("%s: the profile of %s has commits %+v, want one of %s", name, p.Manifest.Run, commits, digest)
	}
	want := commitmentOf(p, bare(digest), "profile.parquet")
	if got := commits[0]; !slices.Equal(got.Releases, want.Releases) || !slices.Equal(got.Public, want.Public) || got.Spent != want.Spent || got.Path != want.Path {
		t.Errorf("%s: committed %+v, want %+v", name, got, want)
	}
}

// A further run of a key is refused once there is a profile: Resume has to be asked.
func TestProfileOfADoneKey(t *testing.T) {
	b := newBench(t, "t.csv", numbersCSV(500))
	b.opts.Key = someKey
	b.mustProfile(t, &spec.Spec{Version: 1})
	before := b.account(t)
	_, err := b.profile(t.Context(), &spec.Spec{Version: 1})
	var done *ledger.DoneError
	if !errors.As(err, &done) || b.account(t).Runs != before.Runs {
		t.Errorf("got %v, want that it was done", err)
	}
}

// What a run commits is what a later one would commit for it.
func TestCommitmentOfAProfile(t *testing.T) {
	b := newBench(t, "t.csv", numbersCSV(500))
	p := b.mustProfile(t, &spec.Spec{Version: 1, Columns: []spec.Column{{Name: "n", Kind: "integer"}}})
	digest, err := digestOf(b.opts.Output)
	if err != nil {
		t.Fatal(err)
	}
	b.isMade(t, "published", p.Manifest.Run, digest)
}

func TestStranded(t *testing.T) {
	b := newBench(t, "t.csv", numbersCSV(500))
	if list, err := Stranded(t.Context(), b.store, "d", b.opts.Output); err != nil || len(list) > 0 {
		t.Errorf("beside nothing: %v, %v", list, err)
	}
	committed := stagedPath(b.opts.Output, b.died(t, "", "committed").ID)
	unfinished := stagedPath(b.opts.Output, b.died(t, "", "staged").ID)
	keyed := stagedPath(b.opts.Output, b.died(t, someKey, "staged").ID)
	foreign := stagedPath(b.opts.Output, "77-abcdef")
	part := stagedPath(b.opts.Output, b.died(t, "", "reserved").ID) + partSuffix
	for _, path := range []string{foreign, part} {
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	list, err := Stranded(t.Context(), b.store, "d", b.opts.Output)
	if err != nil || !slices.Equal(list, []string{committed}) {
		t.Errorf("got %v, %v, want %s", list, err, committed)
	}
	left := stagedBeside(b.opts.Output)
	want := []string{committed, foreign, keyed}
	slices.Sort(left)
	slices.Sort(want)
	if !slices.Equal(left, want) {
		t.Errorf("%v are left, want all but the remains %s and %s", left, unfinished, part)
	}
	if err := os.Rename(committed, b.opts.Output); err != nil { // as people are told to
		t.Fatal(err)
	}
	if list, err := Stranded(t.Context(), b.store, "d", b.opts.Output); err != nil || len(list) > 0 {
		t.Errorf("after it was published: %v, %v", list, err)
	}
}

func TestOutputNameMustLeaveRoom(t *testing.T) {
	b := newBench(t, "t.csv", numbersCSV(10))
	b.opts.Output = filepath.Join(b.dir, strings.Repeat("x", 201))
	if _, err := b.profile(t.Context(), &spec.Spec{Version: 1}); err == nil || !strings.Contains(err.Error(), "201 bytes long") {
		t.Errorf("got %v", err)
	}
	if b.account(t).Runs != 0 {
		t.Error("a run was paid for that could not be written")
	}
	longest := stagedPath(strings.Repeat("x", maxOutputName), "9223372036854775807-0123456789ab") + partSuffix
	if len(longest) > 255 {
		t.Errorf("a staged name has %d bytes", len(longest))
	}
}

func TestPublicInputs(t *testing.T) {
	p := &profile.Profile{}
	for i, name := range []string{"b", "a", "c", strings.Repeat("ü", 600)} {
		c := profile.Column{Origin: []profile.Origin{profile.Learnt, profile.Schema, profile.Declared, profile.Declared}[i]}
		c.Name = name
		p.Manifest.Columns = append(p.Manifest.Columns, c)
		origin := profile.Learnt
		if name == "a" {
			origin = profile.Declared
		}
		p.Attributes = append(p.Attributes, profile.Attribute{Column: name, Codes: []profile.Code{{Class: profile.Literal, Origin: origin}}})
	}
	p.Manifest.Privacy.UnitColumns = []string{"b", "c"}
	got := publicInputs(p)
	if len(got) != 5 || got[1] != "the kinds (the files' schema): a" || got[3] != "the categories (the spec): a" ||
		got[4] != "the key of a unit, and the limit on its records (the spec or the command line): b, c" {
		t.Errorf("got %q", got)
	}
	if long := got[2]; !strings.HasPrefix(long, "the kinds (the spec): c, üü") || len(long) > maxSentence+len("…") || !strings.HasSuffix(long, "…") {
		t.Errorf("got %q", long)
	}
}

// TestResumeTakesOnlyItsOwn: a staged file that is a profile of another run is not committed for this one.
func TestResumeTakesOnlyItsOwn(t *testing.T) {
	b := newBench(t, "t.csv", testdata.Contracts)
	b.mustProfile(t, &spec.Spec{Version: 1})
	other, err := os.ReadFile(b.opts.Output)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(b.opts.Output); err != nil {
		t.Fatal(err)
	}
	res := b.died(t, someKey, "reserved")
	staged := stagedPath(b.opts.Output, res.ID)
	if err := os.WriteFile(staged, other, 0o600); err != nil {
		t.Fatal(err)
	}
	before := len(b.commits(t))
	e, err := Resume(t.Context(), b.store, "d", b.opts)
	if err != nil || e == nil || e.Digest != "" || e.Finished {
		t.Errorf("the run was resumed with another's profile: %+v, %v", e, err)
	}
	if n := len(b.commits(t)); n != before {
		t.Errorf("%d commitments, want %d", n, before)
	}
	if _, err := os.Stat(staged); err == nil {
		t.Error("the other run's file stays staged under this one's name")
	}
	if _, err := os.Stat(b.opts.Output); err == nil {
		t.Error("the other run's profile was published")
	}
}
