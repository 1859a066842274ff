// Package eval compares what profiles say: with a set of records that is at hand, and with each other. It runs anywhere
// and costs no privacy: a profile has left the vault already, and nothing here sees the rows that it was made of.
//
//  1. [FindGap] encodes a gold set as the profile's columns do and says what production has that the gold set lacks.
//  2. [CompareProfiles] aligns the domains of two profiles and tests, attribute by attribute and pair by pair, whether what
//     was measured has changed by more than noise and chance; [CompareTimeline] does so for a row of profiles.
//  3. Each figure comes with its doubt, and each verdict is one of three: yes, no, can't tell.
//
// Noise is known: each measurement in a profile is a count plus Gaussian noise of a stated σ, so that the tests below need no
// estimate of it. What records would have been there on another day is chance too, and counted: both profiles are taken for
// samples of records drawn independently.
package eval

// A Verdict is an answer with room for doubt.
type Verdict string

// The verdicts.
const (
	Changed   Verdict = "changed"    // by more than noise and chance explain
	Unchanged Verdict = "unchanged"  // the distance is below the margin, at 95 %
	CantTell  Verdict = "can't tell" // noise and chance hide which it is
)

// DefaultFDR is the false discovery rate: of what is said to differ, the part that may be expected to be no more than noise.
const DefaultFDR = 0.05

// An Estimate is a number that is known up to noise and, where it says so, up to chance.
type Estimate struct {
	Value     float64 `json:"value"`
	PlusMinus float64 `json:"plus_minus"` // half the width of the 95 % interval
}

// A Source is a profile that was looked at.
type Source struct {
	Dataset string   `json:"dataset"`
	Run     string   `json:"run"`
	Rows    Estimate `json:"rows"`    // records
	Epsilon float64  `json:"epsilon"` // of its guarantee, at Delta
	Delta   float64  `json:"delta"`
}
