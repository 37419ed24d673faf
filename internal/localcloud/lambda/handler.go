package lambda

import (
	"path"
	"strings"
)

// checkHandler refuses a package that lacks what its runtime will look for
// first: the file "bootstrap", or the module that the handler names.
//
// Lambda accepts such a package and fails every invocation with
// Runtime.InvalidEntrypoint or Runtime.ImportModuleError. Here the mistake is
// reported to the one who makes it. A configuration alone is not checked, so
// that handler and code can be changed one after the other.
func (a *archive) checkHandler(runtime, handler string) error {
	candidates, err := handlerFiles(runtime, handler)
	if err != nil {
		return err
	}
	for _, name := range candidates {
		if a.has(name) {
			return nil
		}
	}
	return invalidParameterValue.errorf("The deployment package has no file %s, which handler '%s' of runtime %s needs.",
		alternatives(candidates), shortened(handler), runtime)
}

// handlerFiles lists the names under which the runtime finds the handler.
func handlerFiles(runtime, handler string) ([]string, error) {
	switch {
	case strings.HasPrefix(runtime, "python"):
		module, _, ok := cutLast(handler, ".")
		if !ok {
			return nil, badHandler(handler, "module.function")
		}
		file := strings.ReplaceAll(module, ".", "/")
		return []string{file + ".py", file + "/__init__.py", file + ".pyc"}, nil
	case strings.HasPrefix(runtime, "nodejs"):
		dir, base := path.Split(handler)
		name, _, ok := strings.Cut(base, ".")
		if !ok || name == "" {
			return nil, badHandler(handler, "file.export")
		}
		file := dir + name
		return []string{file + ".js", file + ".mjs", file + ".cjs", file + "/index.js", file}, nil
	}
	return []string{"bootstrap"}, nil
}

func badHandler(handler, form string) error {
	return invalidParameterValue.errorf("The handler '%s' is not of the form %s.", shortened(handler), form)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i <= 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func alternatives(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = "'" + shortened(name) + "'"
	}
	return strings.Join(quoted, " or ")
}
