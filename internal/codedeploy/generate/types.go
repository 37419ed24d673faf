package main

// handWritten are the shapes whose Go type is written by hand.
var handWritten = map[string]string{
	"LifecycleEventName": "LifecycleEventName",
}

// memberType is the Go type of a structure's member: one that can say absent.
func memberType(service *model, name string) string {
	switch element := elementType(service, name); service.Shapes.values[name].Type {
	case "boolean", "integer", "long", "double", "structure":
		return "*" + element
	default:
		return element
	}
}

// elementType is the Go type of a shape as it stands in a list or map.
func elementType(service *model, name string) string {
	if written, ok := handWritten[name]; ok {
		return written
	}
	target := service.Shapes.values[name]
	switch target.Type {
	case "boolean":
		return "bool"
	case "integer", "long":
		return "int64"
	case "double":
		return "Double"
	case "timestamp":
		return "Timestamp"
	case "list":
		return "[]" + elementType(service, target.Member.Shape)
	case "map":
		return "map[" + elementType(service, target.Key.Shape) + "]" + elementType(service, target.Value.Shape)
	case "string":
		if target.Enum == nil {
			return "string"
		}
	}
	return goName(name)
}
