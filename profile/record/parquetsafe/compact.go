package parquetsafe

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Type codes of Thrift's compact protocol
// (https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md).
const (
	typeTrue   = 1
	typeFalse  = 2
	typeByte   = 3
	typeI16    = 4
	typeI32    = 5
	typeI64    = 6
	typeDouble = 7
	typeBinary = 8
	typeList   = 9
	typeSet    = 10
	typeMap    = 11
	typeStruct = 12
	typeUUID   = 13
)

// maxDepth bounds nesting; Parquet's own metadata is 8 deep.
const maxDepth = 64

// errShort says that the bytes ended inside a value: with more of them it might parse.
var errShort = errors.New("it ends in the middle of a value")

// A cursor reads Thrift compact values off a byte slice. The first error sticks: every later read
// returns zero, so that callers check once, at the end.
type cursor struct {
	b     []byte
	off   int
	depth int
	err   error
}

func (c *cursor) fail(err error) {
	if c.err == nil {
		c.err = err
		c.off = len(c.b)
	}
}

func (c *cursor) remaining() int { return len(c.b) - c.off }

func (c *cursor) byte() byte {
	if c.remaining() < 1 {
		c.fail(errShort)
		return 0
	}
	c.off++
	return c.b[c.off-1]
}

func (c *cursor) uvarint() uint64 {
	v, n := binary.Uvarint(c.b[c.off:])
	switch {
	case n == 0:
		c.fail(errShort)
		return 0
	case n < 0:
		c.fail(errors.New("it holds an integer of more than 64 bits"))
		return 0
	}
	c.off += n
	return v
}

// int reads a zigzag integer.
func (c *cursor) int() int64 {
	v := c.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

func (c *cursor) take(n uint64) []byte {
	if uint64(c.remaining()) < n {
		c.fail(errShort)
		return nil
	}
	c.off += int(n)
	return c.b[c.off-int(n) : c.off]
}

func (c *cursor) string() string { return string(c.take(c.uvarint())) }

// enter counts nesting; the caller defers the returned function.
func (c *cursor) enter() func() {
	if c.depth++; c.depth > maxDepth {
		c.fail(fmt.Errorf("it is nested more than %d deep", maxDepth))
	}
	return func() { c.depth-- }
}

// fields calls field for each field of a struct, which must read or skip the value. Booleans carry their
// value in the type code.
func (c *cursor) fields(field func(id int16, typ byte)) {
	defer c.enter()()
	id := int16(0)
	for c.err == nil {
		head := c.byte()
		if head == 0 {
			return
		}
		if delta := head >> 4; delta != 0 {
			id += int16(delta)
		} else {
			id = int16(c.int())
		}
		field(id, head&0x0f)
	}
}

// list calls elem for each element of a list or set of the wanted type; a list of another type is
// skipped. Every element takes a byte at least, so a count beyond the bytes left is a lie.
func (c *cursor) list(want byte, elem func()) {
	defer c.enter()()
	head := c.byte()
	n, typ := uint64(head>>4), head&0x0f
	if n == 15 {
		n = c.uvarint()
	}
	if n > uint64(c.remaining()) {
		c.fail(errShort)
		return
	}
	if typ != want {
		elem = func() { c.skipElement(typ) }
	}
	for ; n > 0 && c.err == nil; n-- {
		elem()
	}
}

func (c *cursor) skipMap() {
	defer c.enter()()
	n := c.uvarint()
	if n == 0 || c.err != nil {
		return
	}
	types := c.byte()
	if n > uint64(c.remaining()) {
		c.fail(errShort)
		return
	}
	for ; n > 0 && c.err == nil; n-- {
		c.skipElement(types >> 4)
		c.skipElement(types & 0x0f)
	}
}

// skip reads over a struct field's value.
func (c *cursor) skip(typ byte) {
	switch typ {
	case typeTrue, typeFalse:
	default:
		c.skipElement(typ)
	}
}

// skipElement reads over a value in a container, where a boolean takes a byte.
func (c *cursor) skipElement(typ byte) {
	switch typ {
	case typeTrue, typeFalse, typeByte:
		c.byte()
	case typeI16, typeI32, typeI64:
		c.uvarint()
	case typeDouble:
		c.take(8)
	case typeBinary:
		c.take(c.uvarint())
	case typeList, typeSet:
		c.list(0xff, nil)
	case typeMap:
		c.skipMap()
	case typeStruct:
		c.fields(func(_ int16, typ byte) { c.skip(typ) })
	case typeUUID:
		c.take(16)
	default:
		c.fail(errors.New("it holds a value of an unknown type"))
	}
}

// i32 reads a 32-bit field into dst, or skips a field of another type as the library does.
func (c *cursor) i32(typ byte, dst *int32) {
	if typ != typeI32 {
		c.skip(typ)
		return
	}
	*dst = int32(c.int())
}

// i64 is i32 for 64-bit fields.
func (c *cursor) i64(typ byte, dst *int64) {
	if typ != typeI64 {
		c.skip(typ)
		return
	}
	*dst = c.int()
}
