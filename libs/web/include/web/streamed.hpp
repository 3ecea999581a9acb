// Large downloads as a handler's return type: the body is made while it is sent.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include <base/fixed_string.hpp>
#include <web/body_stream.hpp>
#include <web/reply.hpp>

namespace web {

/// A body of that media type: Streamed<"text/csv">, Streamed<"application/x-ndjson">.
template <base::FixedString MediaType>
struct Streamed {
    std::shared_ptr<BodyStream> body;
    /// The name that a browser saves it under, printable ASCII without quotes; "": it shows it.
    std::string file_name;
};

template <base::FixedString MediaType>
struct Reply<Streamed<MediaType>> {
    static constexpr std::string_view media_type = MediaType.view();

    static Response make(Streamed<MediaType> streamed, const Exchange&) {
        Response response;
        response.headers.set("Content-Type", std::string(media_type));
        if (!streamed.file_name.empty()) {
            response.headers.set("Content-Disposition",
                                 "attachment; filename=\"" + streamed.file_name + '"');
        }
        response.stream = std::move(streamed.body);
        return response;
    }
    static void document(Operation& operation, schema::Components&) {
        operation.add_response(200, "OK", media_type, {{"type", "string"}});
    }
};

}  // namespace web
