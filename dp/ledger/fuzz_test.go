package ledger

import (
	"bufio"
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"
	"time"
)

// FuzzEntries writes any entry after those of an old ledger, with the right hash, as somebody would who can write the file. It is taken for
// damage or means something that an account can hold; nothing that was spent is given back.
func FuzzEntries(f *testing.F) {
	var before []Entry
	file, err := os.Open("testdata/v1.jsonl")
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var e Entry
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			f.Fatal(err)
		}
		before = append(before, e)
		f.Add(string(e.Kind), e.Dataset, e.Payload, int64(0))
	}
	f.Add("open", "other", `{"epsilon":1,"delta":0.000001,"unit":"who","windows":[{"window":"day","epsilon":0.5,"delta":0.000001}]}`, int64(60))
	f.Add("raise", "sales", `{"window":"","epsilon":2,"delta":0.000001,"reason":"r","by":"b"}`, int64(-60))
	f.Add("reserve", "sales", `{"run":"r","purpose":"","epsilon":0.1,"delta":1e-7,"rho":1e308,"threshold_delta":0}`, int64(1))
	f.Add("commit", "sales", `{"reservation":"3-fadbc373541a","digest":"","path":"","rho":-1,"threshold_delta":0}`, int64(1))
	f.Fuzz(func(t *testing.T, kind, dataset, payload string, later int64) {
		b := newBook(time.Now)
		for _, e := range before {
			if err := b.add(e); err != nil {
				t.Fatal(err)
			}
		}
		spent := b.accounts["sales"].spent
		at := b.time.Add(time.Duration(later%1e6) * time.Second)
		e := Entry{Seq: b.seq + 1, Time: at, Kind: Kind(kind), Dataset: dataset, Payload: payload, Prev: b.hash}
		e.Hash = e.digest()
		_, opens := e.Opening()
		_, raises := e.Raise()
		_, reserves := e.Reservation()
		_, _, commits := e.Commitment()
		err := b.add(e)
		switch {
		case err != nil && !errors.Is(err, ErrDamaged):
			t.Errorf("an entry that is refused is not damage: %v", err)
		case err == nil && !opens && !raises && !reserves && !commits:
			t.Error("an entry that is nothing is taken")
		}
		for name, p := range b.accounts {
			a := p.account(b.time)
			if !(a.Spent.Rho >= 0) || !(a.Spent.Delta >= 0) || math.IsInf(float64(a.Spent.Rho), 0) || !(a.Epsilon > 0) || a.Open < 0 || a.Open > a.Runs {
				t.Errorf("account %q holds %+v", name, a)
			}
		}
		if now := b.accounts["sales"].spent; now.Rho < spent.Rho || now.Delta < spent.Delta {
			t.Errorf("%v was spent, and then %v", spent, now)
		}
	})
}
