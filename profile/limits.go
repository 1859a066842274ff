package profile

import (
	"errors"
	"fmt"
)

// Limits of the format. They are far above what a real profile needs and keep a hostile file from using up the
// reader's memory; Write enforces them too.
const (
	MaxFileBytes     = 256 << 20  // the whole file
	MaxFooterBytes   = 16 << 20   // the Parquet footer
	MaxManifestBytes = 8 << 20    // the manifest's JSON
	MaxColumns       = 20_000     // columns of the profiled table
	MaxAttributes    = 50_000     // attributes
	MaxCodes         = 1_000_000  // codes of one attribute
	MaxItems         = 1_000_000  // measurements; also tables
	MaxRows          = 20_000_000 // rows of the file: codes, measured cells and table cells together
	MaxText          = 64 << 10   // bytes of one label or name
	MaxDomainText    = 256 << 20  // bytes of all labels and all attributes' names together
	MaxArity         = 8          // attributes of one measurement or table

	// maxPageBytes bounds an uncompressed Parquet page, of which a reader holds one for each column. The writer checks its page size of
	// 1 MiB after every writeBatch values, each at most 4·MaxText once escaped.
	maxPageBytes = 20 << 20

	// The uncompressed pages together have at most maxPlainBytes, and at most plainBase and plainRatio times the file's size: a file that
	// unpacks to far more than a profile does is made to use up the reader. Profiles are seen to unpack to 70 times their size, with labels
	// and names of some ten bytes.
	maxPlainBytes = 8 << 30
	plainBase     = 256 << 20
	plainRatio    = 1024
)

// ErrInvalid is wrapped by every error that says that a profile must not be used: it is not a profile, damaged,
// tampered with, of an unknown version, or too large. A file that could not be read at all is not ErrInvalid.
var ErrInvalid = errors.New("invalid profile")

func refusef(format string, args ...any) error {
	return fmt.Errorf("%w: %w", ErrInvalid, fmt.Errorf(format, args...))
}
