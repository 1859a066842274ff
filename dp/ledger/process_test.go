package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
)

// The test binary runs itself to be several processes; childVariable tells it which part to play.
const childVariable = "PATINA_LEDGER_TEST_CHILD"

var parts = map[string]func(path string) error{
	"race":  func(path string) error { return printTaken(reserveUntilRefused(context.Background(), path)) },
	"crash": reserveAndDie,
}

func TestMain(m *testing.M) {
	if part := parts[os.Getenv(childVariable)]; part != nil {
		if err := part(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	stopServer()
	os.Exit(code)
}

// child prepares the test binary to play part on the ledger at path.
func child(t *testing.T, part, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, path)
	cmd.Env = append(os.Environ(), childVariable+"="+part)
	return cmd
}

func printTaken(taken int, err error) error {
	fmt.Println(taken)
	return err
}

// slice is a small ask: sales holds about two dozen of them.
var slice = Ask{Dataset: "sales", Run: "race", Epsilon: 0.1, Delta: 1e-8, Amount: Amount{Rho: 0.0007, Delta: 1e-9}}

// reserveUntilRefused takes slices through a store of its own until the cap holds no more, and returns how many it got.
func reserveUntilRefused(ctx context.Context, path string) (taken int, err error) {
	s, err := Open(ctx, path)
	if err != nil {
		return 0, err
	}
	defer s.Close()
	for {
		_, err := s.Reserve(ctx, slice)
		var refused *RefusedError
		switch {
		case err == nil:
			taken++
		case errors.As(err, &refused):
			return taken, nil
		case !errors.Is(err, ErrBusy):
			return taken, err
		}
	}
}

// Eight goroutines and 32 processes, each with a store of its own, take what they can get. Together they
// get what the cap holds: not a slice more, and not one less.
func TestRaceNeverExceedsTheCap(t *testing.T) { onEach(t, raceNeverExceedsTheCap) }

func raceNeverExceedsTheCap(t *testing.T) {
	path, s := newLedger(t)
	want, fits := 0, mustAccount(t, s, "sales")
	for fits.Fits(slice.Amount) {
		fits.Spent = fits.Spent.plus(slice.Amount)
		want++
	}
	if want < 15 || want > 100 {
		t.Fatalf("the cap holds %d slices, which makes for no race", want)
	}

	var mu sync.Mutex
	var group sync.WaitGroup
	total := 0
	run := func(racer func() (int, error)) {
		group.Go(func() {
			taken, err := racer()
			mu.Lock()
			defer mu.Unlock()
			total += taken
			if err != nil {
				t.Error(err)
			}
		})
	}
	processes := 32
	if testing.Short() {
		processes = 4
	}
	for range processes {
		cmd := child(t, "race", path)
		run(func() (int, error) {
			out, err := cmd.Output()
			if err != nil {
				return 0, err
			}
			return strconv.Atoi(strings.TrimSpace(string(out)))
		})
	}
	for range 8 {
		run(func() (int, error) { return reserveUntilRefused(t.Context(), path) })
	}
	group.Wait()

	if a := mustAccount(t, s, "sales"); total != want || a.Runs != want || a.Spent != fits.Spent {
		t.Errorf("%d slices were taken, the account has %d for %v, want %d for %v", total, a.Runs, a.Spent, want, fits.Spent)
	}
	if err := s.Verify(t.Context()); err != nil {
		t.Error(err)
	}
}

// One store shared by goroutines is as good as many.
func TestSharedStoreRace(t *testing.T) { onEach(t, sharedStoreRace) }

func sharedStoreRace(t *testing.T) {
	_, s := newLedger(t)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for {
				if _, err := s.Reserve(t.Context(), slice); err != nil {
					var refused *RefusedError
					if !errors.As(err, &refused) {
						t.Error(err)
					}
					return
				}
			}
		})
	}
	group.Wait()
	if a := mustAccount(t, s, "sales"); a.Fits(slice.Amount) || a.SpentEpsilon() > a.Epsilon {
		t.Errorf("after the race the account is %+v", a)
	}
}

func TestCreateRace(t *testing.T) { onEach(t, createRace) }

func createRace(t *testing.T) {
	path := location(t)
	var group sync.WaitGroup
	var mu sync.Mutex
	opened := 0
	for range 8 {
		group.Go(func() {
			s, err := Create(t.Context(), path)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			_, err = s.OpenAccount(t.Context(), "sales", 1, 1e-6)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				opened++
			case !errors.Is(err, ErrExists):
				t.Error(err)
			}
		})
	}
	group.Wait()
	if opened != 1 {
		t.Errorf("the account was opened %d times, want once", opened)
	}
}

// reserveAndDie reserves and is gone at once: nothing is closed, deferred or flushed.
func reserveAndDie(path string) error {
	s, err := Open(context.Background(), path)
	if err != nil {
		return err
	}
	if _, err := s.Reserve(context.Background(), slice); err != nil {
		return err
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	if err := self.Kill(); err != nil {
		return err
	}
	select {}
}

func TestReservationOutlivesACrash(t *testing.T) { onEach(t, reservationOutlivesACrash) }

func reservationOutlivesACrash(t *testing.T) {
	path, s := newLedger(t)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		out, err := child(t, "crash", path).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || len(out) > 0 {
			t.Fatalf("the child ended with %v: %s", err, out)
		}
	}
	a := mustAccount(t, mustOpen(t, path), "sales")
	if a.Runs != 3 || a.Open != 3 {
		t.Errorf("after three crashes there are %d runs, %d open, want 3 and 3", a.Runs, a.Open)
	}
}
