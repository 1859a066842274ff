package record

import (
	"bufio"
	"bytes"
)

// readLine returns the next line without its LF or CR LF, in memory that lasts until the next call. long
// says that it had more than limit bytes, and was dropped. The last line comes with io.EOF.
func readLine(r *bufio.Reader, buf *[]byte, limit int) (line []byte, long bool, err error) {
	line, err = r.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		*buf = (*buf)[:0]
		for err == bufio.ErrBufferFull {
			if len(*buf) <= limit { // one piece beyond it at most
				*buf = append(*buf, line...)
			}
			line, err = r.ReadSlice('\n')
		}
		*buf = append(*buf, line...)
		line = *buf
	}
	line = bytes.TrimSuffix(line, []byte{'\n'})
	line = bytes.TrimSuffix(line, []byte{'\r'})
	if len(line) > limit {
		return nil, true, err
	}
	return line, false, err
}
