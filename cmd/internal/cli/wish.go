package cli

import (
	"errors"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/synth"
	"github.com/patina-data/patina/synth/where"
)

// wishFlags say what to sample rather than what is there.
type wishFlags struct {
	clean   bool
	where   string
	boost   []string
	balance []string
	weights bool
}

func (w *wishFlags) register(flags *pflag.FlagSet) {
	flags.BoolVar(&w.clean, "clean", false, "no mess: one way of writing each value, no copies, regular rows")
	flags.StringVar(&w.where, "where", "", "only records that fulfil a `CONDITION`, such as 'country = \"DE\" and phone is missing'")
	flags.StringArrayVar(&w.boost, "boost", nil, "multiply the odds of some records: `'CONDITION: FACTOR'`; may be repeated")
	flags.StringArrayVar(&w.balance, "balance", nil, "make the categories of a `COLUMN` equally likely; may be repeated")
	flags.BoolVar(&w.weights, "weights", false, "add the column _weight, which undoes --mess, --boost and --balance in estimates")
}

// options returns what the flags say.
func (w *wishFlags) options(mess messFlag) (synth.Options, error) {
	opts := synth.Options{Clean: w.clean, AsInput: mess.asInput, MessFactor: mess.factor, Balance: w.balance, Weights: w.weights}
	if w.clean && (mess.asInput || mess.factor != 0) {
		return opts, hint(usagef("--clean leaves no mess for --mess %s", mess.word), "give one of them")
	}
	if w.where != "" {
		var err error
		if opts.Where, err = where.Parse(w.where); err != nil {
			return opts, usagef("--where: %w", err)
		}
	}
	for _, b := range w.boost {
		boost, err := parseBoost(b)
		if err != nil {
			return opts, usagef("--boost: %w", err)
		}
		opts.Boost = append(opts.Boost, boost)
	}
	return opts, nil
}

// parseBoost reads a condition and, after the last colon, a factor.
func parseBoost(s string) (b synth.Boost, err error) {
	at := strings.LastIndexByte(s, ':')
	if at < 0 {
		return b, errors.New("want a condition, a colon and a factor, such as 'country = \"DE\": 5'")
	}
	if b.Factor, err = strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(s[at+1:]), "x"), 64); err != nil || !(b.Factor > 0 && b.Factor <= synth.MaxFactor) {
		return b, errors.New("want a factor after the colon: more than 0, at most " + strconv.Itoa(synth.MaxFactor))
	}
	b.Where, err = where.Parse(s[:at])
	return b, err
}
