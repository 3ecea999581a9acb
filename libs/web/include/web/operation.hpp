// The OpenAPI description of one endpoint. Extractors and reply types each write their part.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <schema/codec.hpp>

namespace web {

struct Operation {
    std::string id;
    std::string summary;
    std::string tag;
    bool is_read = false;  ///< a GET: its answers can be revalidated
    boost::json::array parameters;
    boost::json::object request_body;
    std::map<int, boost::json::object> responses;  ///< by status

    void add_parameter(std::string_view in, std::string_view name, bool required,
                       boost::json::object schema);
    void add_response(int status, std::string_view description, std::string_view media_type,
                      boost::json::object schema);
    void add_json_response(int status, std::string_view description, boost::json::object schema);
    void add_header(int status, const std::string& name, const std::string& description);
    /// A response in the shape of every error.
    void add_problem(int status, schema::Components& components);
};

}  // namespace web
