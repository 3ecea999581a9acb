#include <routers/items.hpp>
#include <schemas/item.hpp>
#include <services/item_events.hpp>
#include <services/item_service.hpp>
#include <services/item_statistics.hpp>

#include <web/extract.hpp>
#include <web/result.hpp>
#include <web/server_events.hpp>

namespace app {
namespace {

using base::Task;
using web::Body, web::Created, web::CreatedAll, web::Dep, web::Header, web::IfMatch,
    web::IfNoneMatch, web::MergePatch, web::NoContent, web::NotFound, web::Path,
    web::PreconditionFailed, web::QueryParams, web::Result, web::UnprocessableContent;

NotFound no_such_item() {
    return NotFound("There is no such item.");
}

PreconditionFailed item_has_changed() {
    return PreconditionFailed(
        "The item has changed since you read it. Read it again and repeat your change.");
}

enum class Comparison { kStrong, kWeak };

// The versions that entity tags name. One that is not ours names none, nor does a weak one in a
// strong comparison (RFC 9110, section 8.8.3.2).
std::vector<base::Timestamp> versions(const web::EntityTags& tags, Comparison comparison) {
    std::vector<base::Timestamp> result;
    for (const auto& tag : tags.tags) {
        if (tag.weak && comparison == Comparison::kStrong) continue;
        if (const auto version = version_of_entity_tag(tag.opaque)) result.push_back(*version);
    }
    return result;
}

Precondition precondition(const IfMatch& if_match, const IfNoneMatch& if_none_match) {
    Precondition result;
    if (*if_match && !(*if_match)->any) result.only = versions(**if_match, Comparison::kStrong);
    if (!*if_none_match) return result;
    if ((*if_none_match)->any) {
        result.only.emplace();  // "none may exist": no version of an item that does is admitted
    } else {
        result.except = versions(**if_none_match, Comparison::kWeak);
    }
    return result;
}

using UpdateReply = Result<ItemRead, NotFound, PreconditionFailed>;

UpdateReply to_reply(UpdateOutcome outcome) {
    if (std::holds_alternative<ItemMissing>(outcome)) return no_such_item();
    if (std::holds_alternative<ItemChanged>(outcome)) return item_has_changed();
    return std::get<ItemRead>(std::move(outcome));
}

// GET /v1/items
Task<ItemPage> list_items(QueryParams<ItemFilter> filter, Dep<ItemService> items) {
    co_return co_await items->list(std::move(filter.value));
}

using Key = Header<"Idempotency-Key", std::optional<IdempotencyKey>>;

std::optional<std::string> text_of(const Key& key) {
    if (!*key) return std::nullopt;
    return ***key;
}

UnprocessableContent key_was_used() {
    return UnprocessableContent(
        "This Idempotency-Key was used for another request. Use a new one for each request.");
}

// POST /v1/items
Task<Result<Created<ItemRead>, UnprocessableContent>> create_item(Key key, Body<ItemCreate> item,
                                                                  Dep<ItemService> items) {
    auto outcome = co_await items->add(std::move(*item), text_of(key));
    if (std::holds_alternative<KeyReused>(outcome)) co_return key_was_used();
    auto created = std::get<ItemRead>(std::move(outcome));
    auto segment = std::to_string(created.id);
    co_return Created<ItemRead>{std::move(created), std::move(segment)};
}

// POST /v1/items/bulk
Task<Result<CreatedAll<ItemBulk>, UnprocessableContent>> create_items(Key key,
                                                                      Body<ItemBulkCreate> bulk,
                                                                      Dep<ItemService> items) {
    auto outcome = co_await items->add_all(*std::move(bulk->items), text_of(key));
    if (std::holds_alternative<KeyReused>(outcome)) co_return key_was_used();
    auto created = std::get<std::vector<ItemRead>>(std::move(outcome));
    co_return CreatedAll<ItemBulk>{{std::move(created)}};
}

// GET /v1/items/stats
Task<ItemStats> read_item_stats(Dep<ItemStatistics> statistics) {
    co_return co_await statistics->read();
}

// What the transport asks for, of what the service offers.
class EventSource final : public web::EventSource {
public:
    explicit EventSource(std::unique_ptr<ItemEventStream> stream) : stream_(std::move(stream)) {}

    Task<std::optional<web::ServerEvent>> next() override {
        const auto next = co_await stream_->next();
        if (!next) co_return std::nullopt;
        co_return web::json_event(next->event, std::string(next->event.kind.view()),
                                  next->position.to_string());
    }
    void stop() noexcept override { stream_->stop(); }

private:
    std::unique_ptr<ItemEventStream> stream_;
};

// GET /v1/items/events
Task<web::EventStream<ItemEvent>> stream_item_events(
    Header<"Last-Event-ID", std::optional<std::string>> last_event_id, Dep<ItemEvents> events) {
    // An id that is none of ours is a place that the log does not have: the stream says so itself.
    const auto after = *last_event_id ? EventPosition::parse(**last_event_id) : std::nullopt;
    auto source = std::make_unique<EventSource>(events->subscribe(after));
    co_return web::EventStream<ItemEvent>{.source = std::move(source)};
}

// GET /v1/items/{id}
Task<Result<ItemRead, NotFound>> read_item(Path<"id", ItemId> id, Dep<ItemService> items) {
    auto item = co_await items->find(**id);
    if (!item) co_return no_such_item();
    co_return *std::move(item);
}

// PUT /v1/items/{id}
Task<UpdateReply> replace_item(Path<"id", ItemId> id, IfMatch if_match, IfNoneMatch if_none_match,
                               Body<ItemReplace> item, Dep<ItemService> items) {
    auto outcome =
        co_await items->replace(**id, std::move(*item), precondition(if_match, if_none_match));
    co_return to_reply(std::move(outcome));
}

// PATCH /v1/items/{id}
Task<UpdateReply> patch_item(Path<"id", ItemId> id, IfMatch if_match, IfNoneMatch if_none_match,
                             MergePatch<ItemPatch> patch, Dep<ItemService> items) {
    auto outcome =
        co_await items->patch(**id, std::move(*patch), precondition(if_match, if_none_match));
    co_return to_reply(std::move(outcome));
}

// DELETE /v1/items/{id}
Task<Result<NoContent, NotFound, PreconditionFailed>> delete_item(Path<"id", ItemId> id,
                                                                  IfMatch if_match,
                                                                  IfNoneMatch if_none_match,
                                                                  Dep<ItemService> items) {
    const auto outcome = co_await items->remove(**id, precondition(if_match, if_none_match));
    switch (outcome) {
        case DeleteOutcome::kMissing:
            co_return no_such_item();
        case DeleteOutcome::kChanged:
            co_return item_has_changed();
        case DeleteOutcome::kDeleted:
            break;
    }
    co_return NoContent();
}

}  // namespace

web::Router items_router() {
    return web::Router("/v1/items", "items", "What is in stock.")
        .get<"/", list_items>("List items, a page at a time")
        .post<"/", create_item>("Create an item")
        .post<"/bulk", create_items>("Create up to 1,000 items, all or none")
        .get<"/stats", read_item_stats>("Statistics of all items")
        .get<"/events", stream_item_events>("Follow changes as they happen (Server-Sent Events)")
        .get<"/{id}", read_item>("Read one item")
        .put<"/{id}", replace_item>("Replace an item")
        .patch<"/{id}", patch_item>("Change parts of an item (JSON Merge Patch)")
        .del<"/{id}", delete_item>("Delete an item");
}

}  // namespace app
