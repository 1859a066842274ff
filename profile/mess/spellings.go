package mess

// commonNulls are the spelled nulls that people meet daily. They are in every text column's domain from the start, so
// that they need no selection and are found at lower shares than the rest of the lexicon.
var commonNulls = []string{
	" ", "NA", "N/A", "n/a", "nan", "NaN", "NULL", "null", "Null", "None", "none", "NONE", "-", "--", "?", ".",
	"unknown", "Unknown", "UNKNOWN", "TBD", "missing", "Not Available", "not available", "Not applicable", "Not Applicable",
}

// CommonNulls returns the spelled nulls that are public codes of every text column.
func CommonNulls() []string { return append([]string(nil), commonNulls...) }
