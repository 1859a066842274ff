package cli

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/dp"
	"github.com/patina-data/patina/dp/account"
	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
	"github.com/patina-data/patina/profile/vault"
)

// privateFlags ask for a comparison under differential privacy.
type privateFlags struct {
	epsilon account.Epsilon
	delta   account.Delta
	dataset string
	by      string
	unit    unitFlags
	ledger  ledgerFlag
	memory  memoryFlag
}

func (f *privateFlags) register(flags *pflag.FlagSet) {
	flags.Var((*epsilonFlag)(&f.epsilon), "private-epsilon", "measure with noise instead, under this ε, charged to the ledger: the result may leave the vault")
	flags.Var((*deltaFlag)(&f.delta), "private-delta", "δ of --private-epsilon")
	flags.StringVar(&f.dataset, "dataset", "", "the ledger account that pays for --private-epsilon (default: the profile's)")
	flags.StringVar(&f.by, "by", "", "who or which job runs this, one line for the ledger (default: $USER)")
	f.unit.register(flags)
	f.ledger.register(flags)
	f.memory.register(flags)
}

// check refuses what does not go with a comparison under privacy.
func (o *fidelityOptions) checkPrivate() error {
	f := &o.private
	switch {
	case f.epsilon == 0 && f.delta == 0:
		return nil
	case f.epsilon == 0 || f.delta == 0:
		return hint(usagef("a comparison under privacy needs ε and δ"), "add --private-epsilon 0.5 --private-delta 1e-6, if that is what you can answer for")
	case o.profile == "":
		return hint(usagef("a comparison under privacy counts in the domains of a profile"), "add --profile with the one that the synthetic records were sampled from")
	case o.target != "" || len(o.subgroups) > 0:
		return usagef("--target and --subgroups look at real rows as they are: leave them out with --private-epsilon")
	}
	return nil
}

// runPrivateFidelity prints distances that may leave the vault, and nothing else.
func runPrivateFidelity(ctx context.Context, opts *fidelityOptions, real, synthetic *record.Source, p *profile.Profile, streams Streams) error {
	f := &opts.private
	unit, err := f.unit.unit(&spec.Spec{Version: spec.Version, Unit: unitOf(p)})
	if err != nil {
		return err
	}
	dataset := f.dataset
	if dataset == "" {
		dataset = p.Manifest.Dataset
	}
	if f.by == "" {
		f.by = streams.Getenv("USER")
	}
	b := budget{epsilon: f.epsilon, delta: f.delta}
	opts.result.Dataset = dataset
	store, err := f.ledger.open(ctx, streams)
	if err != nil {
		return f.ledger.hint(err, dataset, b)
	}
	defer store.Close()
	progress := newProgress(opts.globals, streams, real.Size())
	defer progress.stop()
	d, err := vault.MeasureDistance(ctx, real, synthetic, dp.NewLedger(store, dataset), vault.DistanceRequest{
		Epsilon: f.epsilon, Delta: f.delta, Unit: unit, Profile: p, Purpose: "fidelity of synthetic records", By: f.by,
		Memory: f.memory.apply(), Held: collectFor, Progress: progress.report,
	})
	progress.stop()
	if err != nil {
		return f.ledger.hint(err, dataset, b)
	}
	if opts.html != "" {
		var page bytes.Buffer
		if err := distancePage(d).Write(&page); err != nil {
			return fmt.Errorf("make the page: %w", err)
		}
		if err := writeFile(opts.html, page.Bytes(), opts.force); err != nil {
			return err
		}
		opts.result.Output = opts.html
	}
	return opts.printer(streams).print(d, func(s *screen) { writeDistances(s, d, f.ledger.word()) })
}

// unitOf returns the unit that a profile protects.
func unitOf(p *profile.Profile) spec.Unit {
	s := p.Manifest.Privacy
	u := spec.Unit{Columns: s.UnitColumns, MaxRecords: s.MaxRecords}
	if s.KeylessDropped {
		u.Missing = spec.DropMissing
	}
	return u
}

// beyondChance reports whether a distance is more than its floor and its noise explain.
func beyondChance(d vault.Distance) bool { return d.TV.Value-d.TV.PlusMinus > d.Floor }

// worstFirst returns distances in order of how far they are beyond their floor.
func worstFirst(list []vault.Distance) []vault.Distance {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b vault.Distance) int {
		switch x, y := a.TV.Value-a.Floor, b.TV.Value-b.Floor; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return list
}

// distanceVerdict says how many distances are more than chance and noise.
func distanceVerdict(d *vault.Distances) string {
	count := func(list []vault.Distance) (n int) {
		for _, one := range list {
			if beyondChance(one) {
				n++
			}
		}
		return n
	}
	return fmt.Sprintf("of %s and %s, %d and %d are further from the real records than chance and noise explain",
		plural(len(d.Columns), "column or its forms", "columns and their forms"), plural(len(d.Pairs), "pair"), count(d.Columns), count(d.Pairs))
}

// distancesShown is how many of each list a screen has room for.
const distancesShown = 10

func writeDistances(s *screen, d *vault.Distances, ledgerWord string) {
	s.verdict("%s", distanceVerdict(d))
	s.gap()
	s.fact("privacy", "(ε = %s, δ = %s)-differential privacy for the unit %q, charged to %s as %s: this may leave the vault",
		number(d.Privacy.Epsilon), number(d.Privacy.Delta), d.Privacy.Unit, d.Dataset, d.Run)
	s.fact("rows", "%s real, %s synthetic", count(d.Rows), thousands(float64(d.Synthetic)))
	s.gap()
	t := &table{header: []string{"furthest from real", "TVD", "by chance", ""}, right: []bool{false, true, true, false}}
	for _, list := range [][]vault.Distance{d.Columns, d.Pairs} {
		for _, one := range worstFirst(list)[:min(len(list), distancesShown)] {
			mark := ""
			if beyondChance(one) {
				mark = "further than chance"
			}
			t.add(shown(strings.Join(one.Attributes, " × ")), share(one.TV), halfWidth(one.Floor), mark)
		}
	}
	s.table(t)
	s.line("%s", s.style.faint("TVD: the part of the records that would have to change; ± is the noise; by chance: between two samples of one distribution"))
	if d.Omitted > 0 {
		s.line("%s were not measured, to keep the noise of the others low", plural(d.Omitted, "more pair"))
	}
	s.next("patina budget show " + d.Dataset + ledgerWord)
}

// distancePage makes the page.
func distancePage(d *vault.Distances) *report.Page {
	list := func(all []vault.Distance) report.Table {
		t := report.Table{Columns: report.Columns("attributes", "#TVD", "#±", "#by chance", "further than chance")}
		for _, one := range worstFirst(all) {
			mark := ""
			if beyondChance(one) {
				mark = "yes"
			}
			t.Rows = append(t.Rows, report.Cells(strings.Join(one.Attributes, " × "), fmt.Sprintf("%.4f", one.TV.Value), fmt.Sprintf("%.4f", one.TV.PlusMinus), fmt.Sprintf("%.4f", one.Floor), mark))
		}
		return t
	}
	return &report.Page{
		Title:    "How far synthetic records are from real ones",
		Subtitle: fmt.Sprintf("(ε = %s, δ = %s)-differential privacy for the unit %s; run %s of %s", number(d.Privacy.Epsilon), number(d.Privacy.Delta), d.Privacy.Unit, d.Run, d.Dataset),
		Blocks: []report.Block{
			report.Verdict{Text: distanceVerdict(d), More: "Measured with noise under differential privacy and charged to the ledger: this page may leave the vault."},
			report.Facts{{Term: "Real rows", Text: count(d.Rows)}, {Term: "Synthetic rows", Text: thousands(float64(d.Synthetic))}},
		},
		Sections: []report.Section{
			{Title: "Columns", Blocks: []report.Block{report.Text("Total variation distance (TVD) is the part of the records that would have to change: 0 is the same. Chance is what two samples of one distribution differ by."), list(d.Columns)}},
			{Title: "Pairs of columns", Blocks: []report.Block{list(d.Pairs)}},
		},
	}
}
