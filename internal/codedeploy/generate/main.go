// Command generate writes the generated half of package codedeploy from the
// service model. It runs in the package's folder:
//
//	go generate ./internal/codedeploy
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
)

const modelPath = "model/codedeploy-2014-10-06.json"

// outputs names every generated file and the function that writes its body.
var outputs = []struct {
	file  string
	write func(*bytes.Buffer, *model)
}{
	{"shapes_gen.go", writeShapes},
	{"enums_gen.go", writeEnums},
	{"exceptions_gen.go", writeExceptions},
	{"operations_gen.go", writeOperations},
	{"constraints_gen.go", writeConstraints},
}

func main() {
	log.SetFlags(0)
	log.SetPrefix("generate: ")
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	service, err := loadModel(modelPath)
	if err != nil {
		return err
	}
	files, err := render(service)
	if err != nil {
		return err
	}
	for name, source := range files {
		if err := os.WriteFile(name, source, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// render returns the generated files by name, formatted.
func render(service *model) (map[string][]byte, error) {
	files := make(map[string][]byte, len(outputs))
	for _, output := range outputs {
		var body bytes.Buffer
		body.WriteString("// Code generated from the service model by generate. DO NOT EDIT.\n\npackage codedeploy\n\n")
		output.write(&body, service)
		source, err := format.Source(body.Bytes())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", output.file, err)
		}
		files[output.file] = source
	}
	return files, nil
}
