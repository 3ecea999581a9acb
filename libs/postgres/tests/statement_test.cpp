#include <postgres/statement.hpp>

namespace {

constexpr bool reads(std::string_view sql) {
    return postgres::Statement{.name = {}, .sql = sql}.reads();
}

static_assert(reads("select 1"));
static_assert(reads("\n  SELECT id from items"));
static_assert(!reads("insert into items values (1)"));
static_assert(!reads("delete from items"));
// It may change something, and it does not hurt to wait if it does not.
static_assert(!reads("with gone as (delete from items returning *) select * from gone"));
static_assert(!reads(""));
static_assert(!reads("sel"));

}  // namespace
