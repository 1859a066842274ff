package report_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/patina-data/patina/eval/report"
	"github.com/patina-data/patina/eval/report/reporttest"
)

// whole is a page with every block, and names that try to be more than names.
func whole() *report.Page {
	const evil = `<script>alert("x")</script> & 'co' https://example.com/a?b=c`
	day := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	at := func(days int) float64 { return report.Seconds(day.AddDate(0, 0, days)) }
	long := strings.Repeat("averylongnamewithoutaspace", 12)
	return &report.Page{
		Title: "Every block", Subtitle: "made for a test, " + evil, Warning: "NOT PRIVATE: made from real rows.",
		Blocks: []report.Block{
			report.Verdict{Level: report.Good, Text: "Everything is as it should be: `TestWhole` says so.", More: "It says nothing of tomorrow."},
			report.Facts{{Term: "unit", Text: "one record"}, {Term: "digest", Text: "`" + strings.Repeat("0123456789abcdef", 4) + "`"}, {Term: evil, Text: evil}, {Term: "long", Text: long}},
			report.Gauges{
				{Label: "lifetime", Used: 5.2, Cap: 8, Text: "ε = 5.20 of 8", Note: "until the account ends"},
				{Label: "month", Used: 3.9, Cap: 4, Text: "ε = 3.90 of 4", Level: report.Unsure},
				{Label: evil, Used: 9, Cap: 4, Text: "ε = 9 of 4", Level: report.Bad},
			},
		},
		Sections: []report.Section{
			{Title: "Plots", Blocks: []report.Block{
				report.Lines{
					Title: "Spent so far", Alt: "Spending rises in three steps to 5.2 of 8.", X: report.Axis{Label: "day", Unit: report.Date}, Y: report.Axis{Label: "ε"},
					Series: []report.Series{{Name: "spent", Steps: true, Points: []report.Point{{X: at(0)}, {X: at(3), Y: 2.1, Label: evil}, {X: at(17), Y: 4.4}, {X: at(40), Y: 5.2}}}},
					Limits: []report.Limit{{Name: "cap: ε = 8", Y: 8}},
				},
				report.Lines{
					Title: "Distances", Alt: "Two lines with intervals.", X: report.Axis{Label: "profile"}, Y: report.Axis{Label: "distance", Unit: report.Percent},
					Series: []report.Series{
						{Name: "to the first", Points: []report.Point{{X: 1, Y: 0.02, PlusMinus: 0.01}, {X: 2, Y: 0.05, PlusMinus: 0.012}, {X: 3, Y: 0.09, PlusMinus: 0.01}}},
						{Name: "to the one before", Points: []report.Point{{X: 1, Y: 0.02, PlusMinus: 0.01}, {X: 2, Y: 0.03, PlusMinus: 0.012}, {X: 3, Y: 0.04, PlusMinus: 0.01}}},
					},
				},
				report.Bars{
					Title: "Missing", Alt: "Gold and production by column.", X: report.Axis{Label: "share of records", Unit: report.Percent}, Series: []string{"production", "gold"},
					Groups: []report.BarGroup{
						{Label: "phone", Bars: []report.Bar{{Value: 0.31, PlusMinus: 0.02}, {Value: 0.02, PlusMinus: 0.015}}},
						{Label: long, Bars: []report.Bar{{Value: 0.11, PlusMinus: 0.03}, {Value: 0.09, PlusMinus: 0.02}}},
						{Label: "change", Bars: []report.Bar{{Value: -0.05, PlusMinus: 0.03}, {Value: 0}}},
					},
				},
				report.Heat{
					Title: "Together", Rows: []string{"a", "b", "c"}, Columns: []string{"a", "b", evil}, Unit: report.Percent,
					Values: [][]float64{{math.NaN(), 0.1, 0.6}, {0.1, math.NaN(), 0.3}, {0.6, 0.3, math.NaN()}}, Note: "Empty: not measured.",
				},
			}},
			{Title: "Texts", Blocks: []report.Block{
				report.Heading("A heading with `code`"), report.Text("A paragraph with an odd ` back quote, and " + evil), report.List{"one", "two: `x < y`"},
				report.Code("x = 1\nif x < 2 && y > 3: " + long),
				report.Details{Summary: "run 1, `ok`", Blocks: []report.Block{report.Text("inside")}},
			}},
			{Title: "Texts", Blocks: []report.Block{
				report.Table{
					Caption: "A wide table", Columns: append(report.Columns("name", "#σ", "#ρ", "what", "when", "who", "state", "spent"), report.Column{Name: "digest", Code: true}),
					Rows: [][]report.Cell{
						{{Text: "one"}, {Text: "12.5"}, {Text: "0.0032"}, {Text: "categories of the column"}, {Text: "2026-03-01 09:30"}, {Text: "nightly"}, {Text: "committed", Level: report.Good}, {Text: "5.2", Spark: []float64{0, 1, 1, 3, 5.2}}, {Text: strings.Repeat("ab", 32)}},
						{{Text: evil}, {Text: "1,012.5"}, {Text: "0.1"}, {Text: long}, {Text: ""}, {Text: ""}, {Text: "orphaned", Level: report.Bad}, {Text: "0", Spark: []float64{1}}, {Text: ""}},
						report.Cells("", "", "", "", "", "", "", "", ""),
					},
					Note: "A wide table scrolls by itself.",
				},
			}},
		},
		Foot: "Made by a test.",
	}
}

func write(t *testing.T, p *report.Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPageIsSelfContained(t *testing.T) {
	page := write(t, whole())
	reporttest.Check(t, page)
	if bytes.Contains(page, []byte("<script")) {
		t.Error("a name became a script")
	}
	again := write(t, whole())
	if !bytes.Equal(page, again) {
		t.Error("the same page comes out differently")
	}
}

func TestPageInBrowser(t *testing.T) {
	reporttest.Browse(t, "whole", write(t, whole()))
}

// TestProblemsAreFound: the checks of pages find what they look for.
func TestProblemsAreFound(t *testing.T) {
	page := string(write(t, whole()))
	reject := map[string][2]string{
		"document type":         {"<!DOCTYPE html>\n", ""},
		"not well-formed":       {"</main>", ""},
		"element <script>":      {"<footer>", "<script></script><footer>"},
		"attribute onclick":     {"<footer>", "<footer onclick=\"x\">"},
		"attribute style":       {"<footer>", "<footer style=\"x\">"},
		"attribute src":         {"<footer>", "<footer src=\"x\">"},
		"leads to another":      {"<footer>", "<footer><a href=\"https://example.com\">x</a>"},
		"names another place":   {"<footer>", "<footer class=\"//example.com\">"},
		"which is nowhere":      {"<footer>", "<footer><a href=\"#gone\">x</a>"},
		"two elements":          {"<footer>", "<footer id=\"plots\">"},
		"the page's own style":  {"<style>", "<style>x"},
		"not described":         {"<footer>", "<footer role=\"img\">"},
		"forbidding everything": {"default-src 'none'", "default-src *"},
	}
	page = strings.ReplaceAll(page, "&#39;", "'")
	for want, change := range reject {
		t.Run(want, func(t *testing.T) {
			broken := strings.Replace(page, change[0], change[1], 1)
			if broken == page {
				t.Fatalf("the page has no %q", change[0])
			}
			if found := strings.Join(reporttest.Problems([]byte(broken)), "\n"); !strings.Contains(found, want) {
				t.Errorf("found %q, want it to say %q", found, want)
			}
		})
	}
}

func TestUnfitNumbersAreRefused(t *testing.T) {
	one := []report.Series{{Name: "s", Points: []report.Point{{X: 1, Y: math.NaN()}}}}
	for want, b := range map[string]report.Block{
		"has no point":               report.Lines{Title: "t"},
		"that is not finite":         report.Lines{Title: "t", Series: one},
		"has no bar":                 report.Bars{Title: "t"},
		"1 bars for 2 series":        report.Bars{Title: "t", Series: []string{"a", "b"}, Groups: []report.BarGroup{{Bars: []report.Bar{{}}}}},
		"number that is not":         report.Bars{Title: "t", Series: []string{"a"}, Groups: []report.BarGroup{{Bars: []report.Bar{{Value: math.Inf(1)}}}}},
		"1 rows of numbers":          report.Heat{Title: "t", Values: [][]float64{{1}}},
		"1 numbers for 2 columns":    report.Heat{Title: "t", Rows: []string{"a"}, Columns: []string{"a", "b"}, Values: [][]float64{{1}}},
		"row 1 has 1 cells for 2":    report.Table{Caption: "t", Columns: report.Columns("a", "b"), Rows: [][]report.Cell{report.Cells("x")}},
		"row 1 has 3 cells for 2 co": report.Details{Blocks: []report.Block{report.Table{Columns: report.Columns("a", "b"), Rows: [][]report.Cell{report.Cells("x", "y", "z")}}}},
	} {
		page := report.Page{Title: "t", Blocks: []report.Block{b}}
		if err := page.Write(&bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want it to say %q", err, want)
		}
	}
}
