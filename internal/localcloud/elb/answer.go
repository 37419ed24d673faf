package elb

import (
	"encoding/xml"
	"maps"
	"slices"
	"time"
)

// list is written as AWS writes lists: its element is there even when it is empty, because some clients miss it otherwise.
type list[T any] []T

// MarshalXML implements xml.Marshaler.
func (l list[T]) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for i := range l {
		if err := e.EncodeElement(l[i], xml.StartElement{Name: xml.Name{Local: "member"}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// nothing is the result of an operation that has none to tell: the clients want its element all the same.
type nothing struct{}

// textMap is a map of the query protocol: entries with key and value.
type textMap map[string]string

// MarshalXML implements xml.Marshaler.
func (m textMap) MarshalXML(e *xml.Encoder, start xml.StartElement) error {
	if err := e.EncodeToken(start); err != nil {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		entry := struct {
			Key   string `xml:"key"`
			Value string `xml:"value"`
		}{key, m[key]}
		if err := e.EncodeElement(entry, xml.StartElement{Name: xml.Name{Local: "entry"}}); err != nil {
			return err
		}
	}
	return e.EncodeToken(start.End())
}

// timestamp is a time as the query protocol writes it.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
