package dp

import (
	"fmt"
	"math"
	"testing"

	"github.com/patina-data/patina/dp/account"
)

// unseen returns counts that nobody may look at.
func unseen(t *testing.T) Counts {
	return Counts{bound: UpTo(1).Bound(1), reveal: func() []int64 {
		t.Helper()
		t.Error("a mechanism looked at the counts of a charge that failed")
		return nil
	}}
}

// unseenKeys returns a histogram that nobody may look at.
func unseenKeys(t *testing.T) Keyed {
	return Keyed{bound: UpTo(1).Bound(1), reveal: func() map[string]int64 {
		t.Helper()
		t.Error("a mechanism looked at the histogram of a charge that failed")
		return nil
	}}
}

// refuses checks that both mechanisms refuse the charge without looking, and that it leaves no trace.
func refuses(t *testing.T, run *Run, rho account.Rho, delta account.Delta) {
	t.Helper()
	spent, events := run.Spent(), len(run.Events())
	if n, err := run.Gaussian(Charge{Purpose: "x", Rho: rho}, unseen(t)); err == nil || n.Values != nil {
		t.Errorf("Gaussian with ρ = %g: values %v, error %v", rho, n.Values, err)
	}
	if s, _, err := run.Threshold(Charge{Purpose: "x", Rho: rho, Delta: delta}, unseenKeys(t)); err == nil || s != nil {
		t.Errorf("Threshold with ρ = %g, δ = %g: %d keys, error %v", rho, delta, len(s), err)
	}
	if run.Spent() != spent || len(run.Events()) != events {
		t.Errorf("refused charges (ρ = %g, δ = %g) took %v to %v", rho, delta, spent, run.Spent())
	}
}

func TestChargesBeforeDraw(t *testing.T) {
	run := newRun(t, 1, 1e-6)
	whole := run.Reserved()
	refuses(t, run, whole.Rho*1.0001, whole.Delta)
	if _, err := run.Gaussian(Charge{Purpose: "most", Rho: whole.Rho * 0.6}, Seal([]int64{1}, UpTo(1).Bound(1))); err != nil {
		t.Fatal(err)
	}
	refuses(t, run, whole.Rho*0.6, whole.Delta)

	// δ alone can be what does not fit.
	if _, _, err := run.Threshold(Charge{Purpose: "most of δ", Rho: whole.Rho * 0.1, Delta: whole.Delta * 0.6}, SealKeyed(nil, UpTo(1).Bound(1))); err != nil {
		t.Fatal(err)
	}
	spent := run.Spent()
	if _, _, err := run.Threshold(Charge{Purpose: "more", Rho: whole.Rho * 0.1, Delta: whole.Delta * 0.6}, unseenKeys(t)); err == nil {
		t.Error("δ beyond the reservation was accepted")
	}
	if run.Spent() != spent {
		t.Errorf("a refused δ took %v to %v", spent, run.Spent())
	}
}

// TestTinyChargesAddUp: a charge that is lost in the rounding of the sum still counts.
func TestTinyChargesAddUp(t *testing.T) {
	run := newRun(t, 1e9, 1e-6)
	most := account.Rho(1e5)
	charge := func(rho account.Rho) error {
		_, err := run.Gaussian(Charge{Purpose: "x", Rho: rho}, Seal([]int64{1}, UpTo(1).Bound(1)))
		return err
	}
	if err := charge(most); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		before := run.Spent().Rho
		if err := charge(1e-12); err != nil {
			t.Fatal(err)
		}
		if run.Spent().Rho <= before {
			t.Fatal("a tiny charge was free")
		}
	}
}

// TestWholeReservationFits: what Reserved says can be spent can be, in one charge.
func TestWholeReservationFits(t *testing.T) {
	run := newRun(t, 1, 1e-6)
	whole := run.Reserved()
	if _, _, err := run.Threshold(Charge{Purpose: "all", Rho: whole.Rho, Delta: whole.Delta}, SealKeyed(nil, UpTo(1).Bound(1))); err != nil {
		t.Fatal(err)
	}
	if run.Spent() != whole {
		t.Errorf("spent %v of %v", run.Spent(), whole)
	}
	refuses(t, run, 1e-10, 1e-20)
}

func TestRefusesBadCharges(t *testing.T) {
	run := newRun(t, 1, 1e-6)
	for _, rho := range []float64{0, -1, math.NaN(), math.Inf(1), math.Inf(-1)} {
		refuses(t, run, account.Rho(rho), 1e-9)
	}
	const good = 0.001
	for _, delta := range []float64{1e-9, -1e-9, math.NaN(), math.Inf(1), 1} {
		if _, err := run.Gaussian(Charge{Purpose: "x", Rho: good, Delta: account.Delta(delta)}, unseen(t)); err == nil {
			t.Errorf("Gaussian accepted δ = %g", delta)
		}
	}
	for _, delta := range []float64{0, -1e-9, math.NaN(), math.Inf(1), 1, 2} {
		if _, _, err := run.Threshold(Charge{Purpose: "x", Rho: good, Delta: account.Delta(delta)}, unseenKeys(t)); err == nil {
			t.Errorf("Threshold accepted δ = %g", delta)
		}
	}
	if run.Spent() != (Run{}).spent || len(run.Events()) != 0 {
		t.Errorf("refused charges spent %v", run.Spent())
	}
}

// TestRefusesUnsealed: a count whose sensitivity nobody stated cannot be released.
func TestRefusesUnsealed(t *testing.T) {
	run := newRun(t, 1, 1e-6)
	charge := Charge{Purpose: "x", Rho: 0.001}
	for name, c := range map[string]Counts{
		"zero value": {}, "no bound": {reveal: unseen(t).reveal}, "no counts": {bound: UpTo(1).Bound(1)},
		"half a bound": {reveal: unseen(t).reveal, bound: Sensitivity{records: 1}},
	} {
		if _, err := run.Gaussian(charge, c); err == nil {
			t.Errorf("Gaussian accepted counts with %s", name)
		}
	}
	charge.Delta = 1e-9
	for name, k := range map[string]Keyed{
		"zero value": {}, "no bound": {reveal: unseenKeys(t).reveal}, "no counts": {bound: UpTo(1).Bound(1)},
		"half a bound": {reveal: unseenKeys(t).reveal, bound: Sensitivity{cells: 1}},
	} {
		if _, _, err := run.Threshold(charge, k); err == nil {
			t.Errorf("Threshold accepted a histogram with %s", name)
		}
	}
	if len(run.Events()) != 0 {
		t.Error("an unsealed release was charged")
	}
}

// TestRefusesUnusableSigma: noise that cannot be drawn is refused before the counts are looked at. Found out at the
// first draw, it would be an error or not depending on whether there is a key to draw for.
func TestRefusesUnusableSigma(t *testing.T) {
	run := newRun(t, 1e9, 1e-6)
	refuses(t, run, 1e7, 1e-9)   // σ = 2e-4
	refuses(t, run, 1e-13, 1e-9) // σ = 2e6
}

func TestBoundPanics(t *testing.T) {
	for _, b := range [][2]int{{0, 1}, {1, 0}, {-1, 1}, {1, -1}} {
		t.Run(fmt.Sprint(b), func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			UpTo(b[0]).Bound(b[1])
		})
	}
}

func TestSensitivity(t *testing.T) {
	for _, c := range []struct {
		records, cells int
		l2             float64
		linf           int64
		l0             int
	}{{1, 1, 1, 1, 1}, {1, 9, 3, 1, 9}, {5, 1, 5, 5, 5}, {5, 4, 10, 5, 20}} {
		s := UpTo(c.records).Bound(c.cells)
		if s.L2() != c.l2 || s.Linf() != c.linf || s.L0() != c.l0 {
			t.Errorf("UpTo(%d).Bound(%d): L2 %g, Linf %d, L0 %d", c.records, c.cells, s.L2(), s.Linf(), s.L0())
		}
	}
}

// TestKeysAreDrawn: of 1,000 keys no two are the same, and each bit is set as often as not. A bit's count is Binomial(1000, ½), σ = 15.8; that
// any of 256 is 6.5 σ off has a probability of 2e-8.
func TestKeysAreDrawn(t *testing.T) {
	seen := map[Key]bool{}
	var ones [256]int
	for range 1000 {
		key := NewKey()
		if seen[key] {
			t.Fatal("a key was drawn twice")
		}
		seen[key] = true
		for i := range ones {
			ones[i] += int(key[i/8]>>(i%8)) & 1
		}
	}
	for i, n := range ones {
		if n < 500-103 || n > 500+103 {
			t.Errorf("bit %d is set in %d of 1000 keys", i, n)
		}
	}
}
