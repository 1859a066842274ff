package synth

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/patina-data/patina/profile"
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// nested is a profile of JSON lines: a fifth of the addresses are null, one line in ten is broken, one in four is in another
// order, and half have other keys. A tenth of every column is absent, which is the broken lines.
func nested() *profile.Profile {
	p := &profile.Profile{Manifest: profile.Manifest{Rows: 1000, Format: record.JSONL}}
	row := func(name string, class profile.Class, weights []int64, labels ...string) {
		a := profile.Attribute{Name: name, Role: profile.RoleRow}
		t := profile.Table{Attributes: []string{name}, Weights: weights}
		for i, l := range labels {
			a.Codes = append(a.Codes, profile.Code{Class: class, Label: l, Origin: profile.Schema})
			t.Cells = append(t.Cells, []int32{int32(i)})
		}
		p.Attributes, p.Tables = append(p.Attributes, a), append(p.Tables, t)
	}
	row(profile.RowShape, profile.Shape, []int64{900, 100}, "0", "-32768")
	row(profile.RowOthers, profile.Others, []int64{500, 300, 200}, "0", "1-2", "9+")
	row(profile.RowOrder, profile.Order, []int64{750, 250}, profile.OrderKept, profile.OrderChanged)
	column := func(name string, kind mess.Kind, values []profile.Code, weights ...int64) {
		p.Manifest.Columns = append(p.Manifest.Columns, profile.Column{
			Column: record.Column{Name: name, Type: record.JSONType, Nullable: true}, Kind: string(kind), Origin: profile.Declared,
		})
		values = append([]profile.Code{{Class: profile.Absent}}, values...)
		p.Attributes = append(p.Attributes,
			profile.Attribute{Name: name, Column: name, Role: profile.RoleValue, Codes: values},
			profile.Attribute{Name: profile.FormName(name), Column: name, Role: profile.RoleForm, Codes: []profile.Code{{Class: profile.NoForm}, {Class: profile.OtherForm}}})
		t := profile.Table{Attributes: []string{name, profile.FormName(name)}, Weights: weights}
		for i, v := range values {
			form := int32(0)
			if profile.Written(v.Class) {
				form = 1
			}
			t.Cells = append(t.Cells, []int32{int32(i), form})
		}
		p.Tables = append(p.Tables, t)
	}
	literal := func(text string) profile.Code {
		return profile.Code{Class: profile.Literal, Tag: record.Text, Label: text}
	}
	atom := func(text string) profile.Code { return profile.Code{Class: profile.Atom, Label: text} }
	column("id", mess.Integer, []profile.Code{{Class: profile.Bin, Lo: mess.Edge{M: 1, E: 0}, Hi: mess.Edge{M: 1, E: 3}}}, 100, 900)
	column("ok", mess.Boolean, []profile.Code{atom("true"), atom("false")}, 100, 450, 450)
	column("address", mess.Category, []profile.Code{{Class: profile.Null}}, 820, 180)
	column("address.city", mess.Category, []profile.Code{literal("Ulm"), literal("Bonn")}, 280, 360, 360)
	column("tags[]", mess.Integer, []profile.Code{atom("0"), atom("1"), atom("5")}, 100, 300, 300, 300)
	column("tags[0]", mess.Category, []profile.Code{literal("red")}, 400, 600)
	return p
}

// sampleNested returns the lines that are sampled.
func sampleNested(t *testing.T, opts record.WriteOptions) []string {
	t.Helper()
	p := nested()
	path := filepath.Join(t.TempDir(), "out.jsonl")
	w, err := record.Create(path, Schema(p), opts)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := Generate(context.Background(), p, Options{Rows: 1000, Seed: 5, AsInput: opts.AsInput}, w); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

// event is what every sampled line is.
type event struct {
	ID      *int
	OK      *bool
	Address *struct{ City *string }
	Tags    *[]string
}

func TestNestedRecords(t *testing.T) {
	null, changed, lengths := 0, 0, map[int]int{}
	for _, line := range sampleNested(t, record.WriteOptions{}) {
		var e event
		d := json.NewDecoder(strings.NewReader(line))
		d.DisallowUnknownFields()
		if err := d.Decode(&e); err != nil || e.ID == nil || e.OK == nil || e.Tags == nil || e.Address != nil && e.Address.City == nil {
			t.Fatalf("%s: %v", line, err)
		}
		if e.Address == nil {
			null++
		}
		lengths[len(*e.Tags)]++
		order := []int{strings.Index(line, `"id"`), strings.Index(line, `"ok"`), strings.Index(line, `"address"`), strings.Index(line, `"tags"`)}
		if !slices.IsSorted(order) {
			changed++
		}
	}
	// Shares are dealt, so they are exact but for rounding; a shuffle can leave the members where they were.
	if null < 198 || null > 202 {
		t.Errorf("%d addresses of 1,000 are null, want 200", null)
	}
	if len(lengths) != 3 || lengths[5] < 332 || lengths[5] > 335 {
		t.Errorf("arrays have lengths %v", lengths)
	}
	if changed < 150 || changed > 250 {
		t.Errorf("%d lines of 1,000 are in another order, want a little less than 250", changed)
	}
}

// TestBrokenRecords: lines are broken and have other keys as often as the profile says, when asked for.
func TestBrokenRecords(t *testing.T) {
	broken, others := 0, 0
	for _, line := range sampleNested(t, record.WriteOptions{AsInput: true}) {
		var members map[string]any
		if err := json.Unmarshal([]byte(line), &members); err != nil {
			broken++
		} else if len(members) > 4 {
			others++
		}
	}
	if broken != 100 || others < 400 || others > 500 {
		t.Errorf("%d lines are broken and %d have other keys, want 100 and about 450", broken, others)
	}
}

func TestStrayPaths(t *testing.T) {
	p := nested()
	p.Manifest.Columns = slices.Clone(p.Manifest.Columns)
	for i := range p.Attributes {
		p.Attributes[i].Name = strings.Replace(p.Attributes[i].Name, "tags[0]", "tags[", 1)
	}
	p.Tables[len(p.Tables)-1].Attributes = []string{"tags[", "tags[~form"}
	p.Manifest.Columns[5].Name = "tags["
	if _, err := newSampler(p, 10, 1, Options{}); err == nil || errors.Is(err, errNoModel) {
		t.Errorf("got %v, want an error about a path", err)
	}
}
