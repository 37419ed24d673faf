package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// model is the part of a service model that the generator uses.
type model struct {
	Operations ordered[operation] `json:"operations"`
	Shapes     ordered[shape]     `json:"shapes"`
}

type operation struct {
	Name       string      `json:"name"`
	Input      *reference  `json:"input"`
	Output     *reference  `json:"output"`
	Errors     []reference `json:"errors"`
	Deprecated bool        `json:"deprecated"`
}

type shape struct {
	Type              string             `json:"type"`
	Members           ordered[reference] `json:"members"` // of a structure
	Required          []string           `json:"required"`
	Member            reference          `json:"member"` // of a list
	Key               reference          `json:"key"`    // of a map
	Value             reference          `json:"value"`
	Enum              []string           `json:"enum"`
	Min               int                `json:"min"`
	Max               int                `json:"max"`
	Pattern           string             `json:"pattern"`
	Exception         bool               `json:"exception"`
	DeprecatedMessage string             `json:"deprecatedMessage"`
}

type reference struct {
	Shape string `json:"shape"`
}

// ordered is a JSON object that remembers the order of its members, which is
// the order of the generated code.
type ordered[V any] struct {
	names  []string
	values map[string]V
}

func (o *ordered[V]) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &o.values); err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	if _, err := decoder.Token(); err != nil {
		return err
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return err
		}
		o.names = append(o.names, name.(string))
		var skipped json.RawMessage
		if err := decoder.Decode(&skipped); err != nil {
			return err
		}
	}
	return nil
}

// all yields the members in order.
func (o *ordered[V]) all(yield func(string, V) bool) {
	for _, name := range o.names {
		if !yield(name, o.values[name]) {
			return
		}
	}
}

func loadModel(path string) (*model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	service := new(model)
	if err := json.Unmarshal(data, service); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return service, nil
}
