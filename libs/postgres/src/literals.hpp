// Parameters for statements that take none.
#pragma once

#include <string>
#include <string_view>

#include <postgres/params.hpp>

namespace postgres {

/// The SQL with the arguments in place of $1, $2, ..., as quoted literals of unknown type, which is
/// what parameters are too. For a connection whose client_encoding is UTF8. Throws std::logic_error
/// when an argument is missing.
[[nodiscard]] std::string with_literals(std::string_view sql, const Params& params);

}  // namespace postgres
