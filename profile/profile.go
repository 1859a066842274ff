// Package profile is the artefact that leaves the vault: what was measured with differential privacy,
// the model fitted to it, and the privacy statement.
//
//  1. The vault fills a [Profile]: columns, attributes with their domains, noisy measurements, the
//     fitted tables, and one [Release] for each time a mechanism was charged.
//  2. [Write] encodes it as one Parquet file in long form, specified in FORMAT.md.
//  3. [Read] decodes and validates everything; a damaged or hostile file is an error, never a panic.
//
// Nothing in a profile is raw: each number is a mechanism's output, a post-processing of such outputs,
// or public (declared in the spec or part of the physical schema), and the manifest says which.
package profile

import (
	"github.com/patina-data/patina/profile/mess"
	"github.com/patina-data/patina/profile/record"
)

// FormatVersion is the version of the file format that [Write] produces.
const FormatVersion = 1

// A Profile is the whole artefact.
type Profile struct {
	Manifest     Manifest
	Attributes   []Attribute   // row attributes first, then in column order: a column's value, form, and their views
	Measurements []Measurement // noisy marginals, each tied to the release that charged for it
	Tables       []Table       // the fitted model
}

// A Manifest is the part of a profile that is not tabular. It is stored as JSON in the Parquet file's
// key-value metadata.
type Manifest struct {
	Version  int            `json:"version"`
	Dataset  string         `json:"dataset"`   // the ledger account that paid
	Run      string         `json:"run"`       // the reservation's id in that ledger
	Rows     float64        `json:"rows"`      // noisy number of records
	RowSigma float64        `json:"row_sigma"` // standard deviation of Rows, records
	Format   record.Format  `json:"format"`    // of the input
	Dialect  record.Dialect `json:"dialect,omitzero"`
	Columns  []Column       `json:"columns"` // in the input's order
	Privacy  Privacy        `json:"privacy"`
	Releases []Release      `json:"releases"`      // in the order they were charged
	Gap      float64        `json:"gap,omitempty"` // of the fitted model, as package fit has it
}

// An Origin says how a fact about the table is known.
type Origin string

// The origins. Declared and Schema are public inputs; Learnt and Rest were released with noise and charged.
const (
	Declared Origin = "declared" // stated in the spec
	Schema   Origin = "schema"   // implied by the file's physical schema
	Learnt   Origin = "learnt"   // found under differential privacy
	Rest     Origin = "rest"     // of bins: the axis around what was found, in which nothing was
)

// A Column is one column of the profiled table.
type Column struct {
	record.Column
	Kind     string `json:"kind"`                // the codec: integer, category, …
	DayFirst bool   `json:"day_first,omitempty"` // dates such as 03/04/2024 are in April; of dates and timestamps only
	Origin   Origin `json:"origin"`              // how the kind is known
	Masked   bool   `json:"masked,omitempty"`    // literals of this column are never released
}

// Codec returns the codec that reads and writes the column's cells, or an error for an unknown kind.
func (c Column) Codec() (mess.Codec, error) {
	codec, err := mess.ForKind(mess.Kind(c.Kind))
	if err == nil && c.DayFirst {
		codec = mess.DayFirst(codec)
	}
	return codec, err
}

// Privacy is the privacy statement of one run.
type Privacy struct {
	Unit           string   `json:"unit"`                      // what one release protects: "record", or the key's columns
	UnitColumns    []string `json:"unit_columns,omitempty"`    // whose cells are the key of a unit of several records
	MaxRecords     int      `json:"max_records,omitempty"`     // of a unit with a key that were used, at random
	KeylessDropped bool     `json:"keyless_dropped,omitempty"` // records without a key were not used; otherwise each is a unit
	Neighbours     string   `json:"neighbours"`                // "add or remove one unit"
	Epsilon        float64  `json:"epsilon"`                   // asked for, at Delta
	Delta          float64  `json:"delta"`                     // in all: the Gaussian part and the thresholds
	Rho            float64  `json:"rho"`                       // zCDP reserved; μ = √(2ρ)
	ThresholdDelta float64  `json:"threshold_delta"`           // the part of Delta reserved for thresholds
	SpentRho       float64  `json:"spent_rho"`                 // sum over Releases, ≤ Rho
	SpentDelta     float64  `json:"spent_delta"`               // sum over Releases, ≤ ThresholdDelta
}

// A Release is one charge of a mechanism: one vector of integer counts that left the vault with noise.
// The number of cells of a threshold release is itself private and not recorded.
type Release struct {
	ID        int     `json:"id"`
	Mechanism string  `json:"mechanism"`           // "gaussian" or "threshold"
	Purpose   string  `json:"purpose"`             // why: "row count", "kinds", "categories", …
	Column    string  `json:"column,omitempty"`    // the column it is about, if one
	L2        float64 `json:"l2"`                  // L2 sensitivity, records
	Sigma     float64 `json:"sigma"`               // standard deviation of the noise, records
	Rho       float64 `json:"rho"`                 // L2²/(2σ²)
	Delta     float64 `json:"delta,omitempty"`     // threshold only
	Threshold float64 `json:"threshold,omitempty"` // threshold only: noisy counts below it are dropped
}

// A Role is what an attribute describes.
type Role string

// The roles.
const (
	RoleRow   Role = "row"   // the record itself: how many fields it has, in which order
	RoleValue Role = "value" // a column's value, missing included
	RoleForm  Role = "form"  // how a column's present value is written
	RoleView  Role = "view"  // a coarser view of a value or form attribute, in which it is set against other columns
	RoleText  Role = "text"  // how a column's texts are put together, where their forms do not say

	// What is known of a column beside its values and forms.
	RoleAgreement Role = "agreement" // whether its cells are about the same person as those of the anchor, as PersonColumns has it
	RoleWithheld  Role = "withheld"  // why cells could not become labels
)

// An Attribute is one discrete variable of a record. Code i is Codes[i].
type Attribute struct {
	Name   string // "age", "age~form", "~row", "age~view"
	Column string // the column it belongs to; "" for row attributes
	Role   Role
	Codes  []Code
	Groups []int32 // [code] the code of the attribute's view that it belongs to; nil when it has no view
}

// A Class is what a code stands for.
type Class string

// The classes of codes.
const (
	Absent       Class = "absent"        // value: the field is not there
	Null         Class = "null"          // value: JSON null, Parquet null
	Missing      Class = "missing"       // value: a null spelled out; Label is the cell, "" the empty one
	OtherMissing Class = "other missing" // value: any other spelled null
	Atom         Class = "atom"          // value: one exact value of the kind; Label is its canonical text
	Bin          Class = "bin"           // value: Lo ≤ value < Hi on the kind's axis
	Generated    Class = "generated"     // value: one that the kind reads and that is made up when it is sampled
	Literal      Class = "literal"       // value: a category; Label is the cell
	Other        Class = "other"         // value: text below the selection threshold
	NoForm       Class = "none"          // form: the value is missing or a literal
	Form         Class = "form"          // form: a descriptor of package mess; Label is the descriptor
	OtherForm    Class = "other form"    // form: any other descriptor
	Shape        Class = "shape"         // row: Label is the row shape as a decimal integer
	OtherShape   Class = "other shape"   // row: any other shape
	CopyCount    Class = "copies"        // row: Label is a range of how often a distinct record occurs
	UnitSize     Class = "unit size"     // row: Label is a range of how many records a unit has
	Others       Class = "others"        // row: Label is an interval of OthersLabels
	Order        Class = "order"         // row: Label is OrderKept or OrderChanged
	Group        Class = "group"         // view: the codes that belong to it; Label describes them
	Step         Class = "step"          // text: a step of package mess; Label is the step
	Agreement    Class = "agreement"     // agreement: Label is Agree or Differ
	Withheld     Class = "withheld"      // withheld: Label is a reason of package mess
)

// A Code is one element of an attribute's domain.
type Code struct {
	Class  Class
	Tag    record.Tag // Literal and spelled Missing: the cell's tag; otherwise 0
	Label  string
	Lo, Hi Edge   // Bin only
	Origin Origin // how the code is known
}

// An Edge is a bin's edge on the kind's axis: the number line, or civil seconds since 1970-01-01T00:00:00 for dates and
// timestamps, seconds since midnight for times of day, or seconds for durations.
type Edge = mess.Edge

// A Measurement is a noisy marginal, possibly of some cells only.
type Measurement struct {
	Release    int       // the ID of the release that charged for it
	Attributes []string  // k names
	Cells      [][]int32 // [cell][k] codes
	Values     []float64 // [cell] noisy count, records
	Sigma      float64   // standard deviation of each value, records
}

// A Table is a fitted marginal: non-negative integer weights over the cells with any weight. Integers,
// so that sampling is the same on every machine.
type Table struct {
	Attributes []string
	Cells      [][]int32 // [cell][k] codes
	Weights    []int64   // [cell] > 0
}

// Attribute returns the attribute of that name, or nil.
func (p *Profile) Attribute(name string) *Attribute {
	for i := range p.Attributes {
		if p.Attributes[i].Name == name {
			return &p.Attributes[i]
		}
	}
	return nil
}
