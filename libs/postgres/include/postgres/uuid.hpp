// uuid as boost::uuids::uuid.
#pragma once

#include <string>
#include <string_view>

#include <boost/uuid/uuid.hpp>

#include <postgres/type.hpp>

namespace postgres {

template <>
struct Type<boost::uuids::uuid> {
    static void encode(const boost::uuids::uuid& value, std::string& out);
    static boost::uuids::uuid decode(std::string_view text);
    static constexpr bool reads(Oid type) { return type == oid::kUuid; }
};

}  // namespace postgres
