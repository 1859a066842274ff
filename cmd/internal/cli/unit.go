package cli

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/pflag"

	"github.com/patina-data/patina/profile/record"
	"github.com/patina-data/patina/profile/spec"
)

// unitFlags are the unit of privacy.
type unitFlags struct {
	columns string
	most    int
	missing string
}

func (f *unitFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.columns, "unit", "", "the unit of privacy: all records with the same key in these columns, with commas between them (default: the record)")
	flags.IntVar(&f.most, "max-records", 0, "how many records of one unit are used at most, chosen at random; noise grows in proportion")
	flags.StringVar(&f.missing, "unit-missing", "", "records without a key: own (each is a unit, the default) or drop")
}

// suspectUnit warns where the unit is the record and a column looks as if one person had several.
func suspectUnit(log *slog.Logger, sp *spec.Spec, schema record.Schema) {
	if sp.Unit.Keyed() {
		return
	}
	for _, c := range schema.Columns {
		if spec.LooksLikeUnit(c.Name) {
			log.Warn(fmt.Sprintf("the unit of privacy is one record, and column %s looks as if one person could have many: to protect all of them together, give --unit %s --max-records N",
				shown(c.Name), shellWord(c.Name)))
			return
		}
	}
}

// unit lays the flags over the spec.
func (f *unitFlags) unit(sp *spec.Spec) (spec.Unit, error) {
	u := sp.Unit
	if f.columns == spec.RecordUnit {
		u = spec.Unit{}
	} else if f.columns != "" {
		u.Columns = strings.Split(f.columns, ",")
	}
	if f.most != 0 {
		u.MaxRecords = f.most
	}
	if f.missing != "" {
		u.Missing = spec.MissingPolicy(f.missing)
	}
	if u.Keyed() && u.MaxRecords == 0 {
		err := usagef("--unit %s needs a limit: how many records of one unit may count", f.columns)
		return u, hint(err, "add --max-records 8, if most units have no more; the others are sampled, and noise grows in proportion to it")
	}
	if err := u.Validate(); err != nil {
		return u, usageError{err}
	}
	return u, nil
}
