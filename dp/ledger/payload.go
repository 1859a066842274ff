package ledger

import (
	"encoding/json"
	"errors"
	"strings"

	"github.com/patina-data/patina/dp/account"
)

// The payloads, by kind. Field names and order are part of the format: they are hashed.

type openPayload struct {
	Epsilon account.Epsilon `json:"epsilon"`
	Delta   account.Delta   `json:"delta"`
}

type reservePayload struct {
	Run            string          `json:"run"`
	Purpose        string          `json:"purpose"`
	Epsilon        account.Epsilon `json:"epsilon"`
	Delta          account.Delta   `json:"delta"`
	Rho            account.Rho     `json:"rho"`
	ThresholdDelta account.Delta   `json:"threshold_delta"`
}

type commitPayload struct {
	Reservation    string        `json:"reservation"`
	Digest         string        `json:"digest"`
	Path           string        `json:"path"`
	Rho            account.Rho   `json:"rho"`
	ThresholdDelta account.Delta `json:"threshold_delta"`
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

func (a Ask) payload() reservePayload {
	return reservePayload{
		Run: a.Run, Purpose: a.Purpose, Epsilon: a.Epsilon, Delta: a.Delta,
		Rho: a.Amount.Rho, ThresholdDelta: a.Amount.Delta,
	}
}

func (p reservePayload) ask(dataset string) Ask {
	return Ask{
		Dataset: dataset, Run: p.Run, Purpose: p.Purpose, Epsilon: p.Epsilon, Delta: p.Delta,
		Amount: Amount{Rho: p.Rho, Delta: p.ThresholdDelta},
	}
}

func (c Commitment) payload(reservationID string) commitPayload {
	return commitPayload{
		Reservation: reservationID, Digest: c.Digest, Path: strings.ToValidUTF8(c.Path, "\uFFFD"),
		Rho: c.Spent.Rho, ThresholdDelta: c.Spent.Delta,
	}
}

func (p commitPayload) commitment() Commitment {
	return Commitment{Digest: p.Digest, Path: p.Path, Spent: Amount{Rho: p.Rho, Delta: p.ThresholdDelta}}
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
	return Reservation{ID: e.id(), Seq: e.Seq, Hash: e.Hash, Ask: p.ask(e.Dataset), Time: e.Time}, true
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
