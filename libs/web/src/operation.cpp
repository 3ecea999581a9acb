#include <web/operation.hpp>
#include <web/problem.hpp>

namespace web {

void Operation::add_parameter(std::string_view in, std::string_view name, bool required,
                              boost::json::object schema) {
    parameters.push_back(boost::json::object{
        {"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}});
}

void Operation::add_response(int status, std::string_view description, std::string_view media_type,
                             boost::json::object schema) {
    auto& response = responses[status];
    response["description"] = description;
    response["content"] = {{media_type, {{"schema", std::move(schema)}}}};
}

void Operation::add_json_response(int status, std::string_view description,
                                  boost::json::object schema) {
    add_response(status, description, "application/json", std::move(schema));
}

void Operation::add_header(int status, const std::string& name, const std::string& description) {
    auto& headers = responses[status]["headers"];
    if (!headers.is_object()) headers = boost::json::object();
    headers.as_object()[name] = {{"description", description}, {"schema", {{"type", "string"}}}};
}

void Operation::add_problem(int status, schema::Components& components) {
    const schema::Components::OutputScope output(components);
    auto& response = responses[status];
    response["description"] = reason_phrase(status);
    response["content"] = {
        {kProblemMediaType, {{"schema", schema::Codec<Problem>::describe(components)}}}};
}

}  // namespace web
