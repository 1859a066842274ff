package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/dp/ledger"
	"github.com/patina-data/patina/dp/statement"
	"github.com/patina-data/patina/eval/report/reporttest"
)

const hostile = `<script>alert("x")</script> https://example.com`

// spentAccount makes a ledger with an account that has all that an account can have: windows, a raise, a run that failed, and
// texts that try to be more than texts. It returns its statement.
func spentAccount(t *testing.T, unit string) *statement.Statement {
	t.Helper()
	ctx := context.Background()
	store, err := ledger.Create(ctx, filepath.Join(t.TempDir(), "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err = store.OpenAccountWith(ctx, ledger.Opening{
		Dataset: "visits", Epsilon: 8, Delta: 1e-5, By: "Data Office", Windows: []ledger.Cap{{Window: ledger.WindowMonth, Epsilon: 6}, {Window: ledger.WindowDay, Epsilon: 5}},
	})
	check(err)
	_, err = store.Raise(ctx, ledger.Raise{Dataset: "visits", Cap: ledger.Cap{Epsilon: 10}, Reason: hostile, By: "A. Officer"})
	check(err)
	for i := range 5 {
		reserveOne(t, store, unit, i)
	}
	list, err := statement.Read(ctx, store, "visits", time.Now().Add(40*24*time.Hour))
	check(err)
	return list[0]
}

// reserveOne makes the i-th run, whose third leaves nothing.
func reserveOne(t *testing.T, store *ledger.Store, unit string, i int) {
	t.Helper()
	ctx := context.Background()
	eps := 0.5 + 0.25*account.Epsilon(i)
	amount, err := dp.Request{Epsilon: eps, Delta: 1e-6}.Budget()
	if err != nil {
		t.Fatal(err)
	}
	r, err := store.Reserve(ctx, ledger.Ask{
		Dataset: "visits", Run: fmt.Sprintf("nightly %d", i), Purpose: "profile", Epsilon: eps, Delta: 1e-6, Amount: amount,
		Unit: unit, MaxRecords: 8, By: "cron " + hostile, RunID: "2026-03-0" + strconv.Itoa(i+1),
	})
	if err != nil {
		t.Fatal(err)
	}
	if i == 2 {
		return
	}
	// Both halves are exact, so that they add up to the sum that is charged.
	half := account.Rho(math.Ldexp(math.Floor(math.Ldexp(float64(amount.Rho)/4, 40)), -40))
	c := ledger.Commitment{
		Digest: strings.Repeat("0123456789abcdef", 4), Path: "visits-" + strings.Repeat("long", 40) + ".parquet",
		Spent:  ledger.Amount{Rho: account.Rho(math.Nextafter(float64(half+half), 1)), Delta: 1e-8},
		Public: []string{"column names and types, from the Parquet schema", hostile},
		Releases: []ledger.Spending{
			{Mechanism: "gaussian", Purpose: "row count", L2: 1, Sigma: 12.5, Rho: half},
			{Mechanism: "threshold", Purpose: "categories", Column: hostile, L2: math.Sqrt2, Sigma: 31, Rho: half, Delta: 1e-8, Threshold: 181.5},
		},
	}
	if err := store.Commit(ctx, r.ID, c); err != nil {
		t.Fatal(err)
	}
}

func pageOf(t *testing.T, st *statement.Statement) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := budgetPage(st).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestBudgetPage(t *testing.T) {
	for _, unit := range []string{"", "customer_id"} {
		t.Run("unit "+unit, func(t *testing.T) {
			st := spentAccount(t, unit)
			page := pageOf(t, st)
			reporttest.Check(t, page)
			for _, want := range []string{
				"(ε = " + roundedUp(float64(st.Total.Epsilon)), "this month", "today", "1 in 100,000", "A. Officer", "none: orphaned or running", "31",
				"nightly 4", "limit: ε = 10", "column names and types, from the Parquet schema", st.Ledger.Head, "NIST SP 800-226", "Data Office",
			} {
				if !bytes.Contains(page, []byte(want)) {
					t.Errorf("the page does not say %q", want)
				}
			}
			if several := bytes.Contains(page, []byte("What somebody with several records gets")); several != (unit == "") {
				t.Errorf("unit %q: the page speaks of somebody with several records: %v", unit, several)
			}
		})
	}
}

func TestBudgetPageInBrowser(t *testing.T) {
	reporttest.Browse(t, "budget", pageOf(t, spentAccount(t, "")))
}

// TestEmptyBudgetPage: an account without a run has a page as well.
func TestEmptyBudgetPage(t *testing.T) {
	st, err := statement.Of(ledger.Account{Dataset: "d", Epsilon: 1, Delta: 1e-6, Opened: time.Now()}, nil, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Check(t, pageOf(t, st))
}

// TestRecomputed runs the page's program with Python, and the same sum here, against the page's ε.
func TestRecomputed(t *testing.T) {
	st := spentAccount(t, "")
	sum, delta := 0.0, 0.0
	for _, r := range st.Runs {
		sum, delta = sum+float64(r.Rho), delta+float64(r.Threshold)
	}
	here := float64(account.EpsilonAt(account.Mu(math.Sqrt(2*sum)), st.Account.Delta-account.Delta(delta)))
	if math.Abs(here/float64(st.Total.Epsilon)-1) > 1e-8 {
		t.Errorf("the runs add up to ε = %g, the page says %g", here, float64(st.Total.Epsilon))
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 on the path")
	}
	out, err := exec.Command(python, "-c", pythonCheck(st)).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if want := fmt.Sprintf("epsilon = %.6g\n", float64(st.Total.Epsilon)); string(out) != want {
		t.Errorf("Python says %q, the page %q", out, want)
	}
}

// TestBudgetSchema: fields of the JSON document are there for good.
func TestBudgetSchema(t *testing.T) {
	text, err := json.Marshal(spentAccount(t, ""))
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Schema string
		Caps   []map[string]any
		Total  map[string]any
		Raises []map[string]any
		Runs   []map[string]any
		Ledger map[string]any
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != "patina.budget/1" || len(doc.Caps) != 3 || len(doc.Raises) != 1 || len(doc.Runs) != 5 {
		t.Fatalf("got schema %s, %d caps, %d raises and %d runs", doc.Schema, len(doc.Caps), len(doc.Raises), len(doc.Runs))
	}
	artefact, ok := doc.Runs[0]["artefact"].(map[string]any)
	if !ok {
		t.Fatal("the first run has no artefact")
	}
	release, ok := artefact["releases"].([]any)[1].(map[string]any)
	if !ok {
		t.Fatal("the first run has no second release")
	}
	for name, fields := range map[string]map[string]any{
		"window epsilon delta spent_rho spent_delta spent_epsilon": doc.Caps[0],
		"start end": doc.Caps[1],
		"rho threshold_delta mu epsilon zcdp_epsilon basic_epsilon basic_delta best_attacker runs uncommitted releases": doc.Total,
		"time window epsilon delta reason by": doc.Raises[0],
		"id time run run_id purpose by unit max_records epsilon delta rho threshold_delta epsilon_after committed": doc.Runs[0],
		"time sha256 path rho threshold_delta public releases":                                                     artefact,
		"mechanism purpose column sensitivity sigma error rho delta threshold":                                     release,
		"entries head": doc.Ledger,
	} {
		for _, field := range strings.Fields(name) {
			if _, ok := fields[field]; !ok {
				t.Errorf("%s is gone from %v", field, fields)
			}
		}
	}
}
