package ledger

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/patina-data/patina/dp/account"
)

// The payloads, by kind. Field names and order are part of the format: they are hashed.

// Fields that came later are left out where they are empty, so that entries from before are
// canonical still. They come last, and none is ever taken away.

type openPayload struct {
	Epsilon account.Epsilon `json:"epsilon"`
	Delta   account.Delta   `json:"delta"`
	Unit    string          `json:"unit,omitempty"`
	Windows []capPayload    `json:"windows,omitempty"`
	By      string          `json:"by,omitempty"`
}

type capPayload struct {
	Window  Window          `json:"window"`
	Epsilon account.Epsilon `json:"epsilon"`
	Delta   account.Delta   `json:"delta"`
}

type raisePayload struct {
	Window  Window          `json:"window"`
	Epsilon account.Epsilon `json:"epsilon"`
	Delta   account.Delta   `json:"delta"`
	Reason  string          `json:"reason"`
	By      string          `json:"by"`
}

type reservePayload struct {
	Run            string          `json:"run"`
	Purpose        string          `json:"purpose"`
	Epsilon        account.Epsilon `json:"epsilon"`
	Delta          account.Delta   `json:"delta"`
	Rho            account.Rho     `json:"rho"`
	ThresholdDelta account.Delta   `json:"threshold_delta"`
	Unit           string          `json:"unit,omitempty"`        // left out: UnitRecord
	MaxRecords     int             `json:"max_records,omitempty"` // left out: 1
	Key            string          `json:"key,omitempty"`
	RunID          string          `json:"run_id,omitempty"`
	Spec           string          `json:"spec,omitempty"`
	By             string          `json:"by,omitempty"`
}

type commitPayload struct {
	Reservation    string            `json:"reservation"`
	Digest         string            `json:"digest"`
	Path           string            `json:"path"`
	Rho            account.Rho       `json:"rho"`
	ThresholdDelta account.Delta     `json:"threshold_delta"`
	Releases       []spendingPayload `json:"releases,omitempty"`
	Public         []string          `json:"public,omitempty"`
}

type spendingPayload struct {
	Mechanism string        `json:"mechanism"`
	Purpose   string        `json:"purpose"`
	Column    string        `json:"column,omitempty"`
	L2        float64       `json:"l2"`
	Sigma     float64       `json:"sigma"`
	Rho       account.Rho   `json:"rho"`
	Delta     account.Delta `json:"delta,omitempty"`
	Threshold float64       `json:"threshold,omitempty"`
}

// encode writes a payload canonically, as encoding/json writes a struct. It cannot fail: payloads hold strings
// and numbers that were found finite.
func encode(payload any) string {
	text, err := json.Marshal(payload)
	if err != nil {
		panic("ledger: encode a checked payload: " + err.Error())
	}
	return string(text)
}

// decode reads a payload and insists that it is written canonically.
func decode[T any](text string) (T, error) {
	var payload T
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&payload); err != nil || encode(payload) != text {
		return payload, errors.New("the payload is not canonical JSON of its kind")
	}
	return payload, nil
}

func (o Opening) payload() openPayload {
	p := openPayload{Epsilon: o.Epsilon, Delta: o.Delta, Unit: o.Unit, By: o.By}
	for _, c := range o.Windows {
		p.Windows = append(p.Windows, capPayload(c))
	}
	return p
}

func (p openPayload) opening(dataset string) Opening {
	o := Opening{Dataset: dataset, Epsilon: p.Epsilon, Delta: p.Delta, Unit: p.Unit, By: p.By}
	for _, c := range p.Windows {
		o.Windows = append(o.Windows, Cap(c))
	}
	return o
}

func (r Raise) payload() raisePayload {
	return raisePayload{Window: r.Cap.Window, Epsilon: r.Cap.Epsilon, Delta: r.Cap.Delta, Reason: r.Reason, By: r.By}
}

func (p raisePayload) raise(dataset string) Raise {
	return Raise{
		Dataset: dataset, Cap: Cap{Window: p.Window, Epsilon: p.Epsilon, Delta: p.Delta}, Reason: p.Reason, By: p.By,
	}
}

func (a Ask) payload() reservePayload {
	p := reservePayload{
		Run: a.Run, Purpose: a.Purpose, Epsilon: a.Epsilon, Delta: a.Delta,
		Rho: a.Amount.Rho, ThresholdDelta: a.Amount.Delta,
		Unit: a.Unit, MaxRecords: a.MaxRecords, Key: a.Key, RunID: a.RunID, Spec: a.Spec, By: a.By,
	}
	if p.Unit == UnitRecord {
		p.Unit = ""
	}
	if p.MaxRecords == 1 {
		p.MaxRecords = 0
	}
	return p
}

func (p reservePayload) ask(dataset string) Ask {
	return Ask{
		Dataset: dataset, Run: p.Run, Purpose: p.Purpose, Epsilon: p.Epsilon, Delta: p.Delta,
		Amount: Amount{Rho: p.Rho, Delta: p.ThresholdDelta},
		Unit:   p.Unit, MaxRecords: p.MaxRecords, Key: p.Key, RunID: p.RunID, Spec: p.Spec, By: p.By,
	}.complete()
}

func (c Commitment) payload(reservationID string) commitPayload {
	p := commitPayload{
		Reservation: reservationID, Digest: c.Digest, Path: strings.ToValidUTF8(c.Path, "\uFFFD"),
		Rho: c.Spent.Rho, ThresholdDelta: c.Spent.Delta,
	}
	for _, r := range c.Releases {
		p.Releases = append(p.Releases, spendingPayload(r.printable()))
	}
	for _, sentence := range c.Public {
		p.Public = append(p.Public, printable(sentence))
	}
	return p
}

func (p commitPayload) commitment() Commitment {
	c := Commitment{Digest: p.Digest, Path: p.Path, Spent: Amount{Rho: p.Rho, Delta: p.ThresholdDelta}, Public: p.Public}
	for _, r := range p.Releases {
		c.Releases = append(c.Releases, Spending(r))
	}
	return c
}

// Opening returns what the account that an "open" entry records was opened with.
func (e Entry) Opening() (Opening, bool) {
	if e.Kind != KindOpen {
		return Opening{}, false
	}
	p, err := decode[openPayload](e.Payload)
	return p.opening(e.Dataset), err == nil
}

// Raise returns the raise that a "raise" entry records.
func (e Entry) Raise() (Raise, bool) {
	if e.Kind != KindRaise {
		return Raise{}, false
	}
	p, err := decode[raisePayload](e.Payload)
	return p.raise(e.Dataset), err == nil
}

// Reservation returns the reservation that a "reserve" entry records.
func (e Entry) Reservation() (Reservation, bool) {
	if e.Kind != KindReserve {
		return Reservation{}, false
	}
	p, err := decode[reservePayload](e.Payload)
	if err != nil {
		return Reservation{}, false
	}
	return e.receipt(p.ask(e.Dataset)), true
}

// Commitment returns what a "commit" entry records, and the ID of the reservation it is for.
func (e Entry) Commitment() (reservationID string, c Commitment, ok bool) {
	if e.Kind != KindCommit {
		return "", Commitment{}, false
	}
	p, err := decode[commitPayload](e.Payload)
	if err != nil {
		return "", Commitment{}, false
	}
	return p.Reservation, p.commitment(), true
}
