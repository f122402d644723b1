using FollowUp.Data.Keys;
using FollowUp.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using NodaTime;
using NodaTime.Text;

namespace FollowUp.Functions.Keys;

/// <summary>Keys to the API, made and ended by whoever has the root key.</summary>
public sealed class KeyFunctions(ApiKeyStore keys, TimeProvider clock)
{
    private const string KeysRoute = "api/keys";

    [Function(nameof(GetApiKeys))]
    public async Task<IResult> GetApiKeys(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = KeysRoute)] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var page = Paging.Read(request, parts: 2);
        var before = page.After is [var at, var id]
            ? (InstantPattern.ExtendedIso.Parse(at) is { Success: true } parsed ? parsed.Value : throw Paging.BadCursor(), id)
            : ((Instant, string)?)null;
        var found = await keys.ListAsync(before, page.Limit + 1, cancellation);
        return Paging.Page(found, page.Limit, KeyAnswer.Of, key => Paging.Cursor(Answers.Moment(key.CreatedAt), key.Id));
    }

    /// <summary>Makes a key, and shows it: nobody can see it again.</summary>
    [Function(nameof(PostApiKey))]
    public async Task<IResult> PostApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = KeysRoute)] HttpRequest request, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        using var body = await RequestBody.ReadAsync(request, cancellation);
        var wanted = Read(new JsonFields(body.RootElement));
        var made = await keys.AddAsync(wanted, Actors.Of(request), cancellation) ?? throw Problems.Invalid("clinic", "There is no such clinic.");
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Answers.Json(KeyAnswer.Of(made), StatusCodes.Status201Created);
    }

    [Function(nameof(DeleteApiKey))]
    public async Task<IResult> DeleteApiKey(
        [HttpTrigger(AuthorizationLevel.Anonymous, "delete", Route = KeysRoute + "/{key}")] HttpRequest request,
        string key,
        CancellationToken cancellation)
    {
        PathIds.Check(("key", key));
        return await keys.EndAsync(key, Actors.Of(request), cancellation) is not null
            ? Results.NoContent()
            : throw new ProblemException(StatusCodes.Status404NotFound, "There is no such key.", "Ask by its id, as GET /api/keys lists it.");
    }

    private NewApiKey Read(JsonFields fields)
    {
        var now = clock.GetUtcNow();
        var name = fields.Text("name", required: true, FieldRules.Words(NewApiKey.LongestName));
        var clinic = fields.Text("clinic", required: false, FieldRules.Id);
        var readOnly = fields.Flag("readOnly");
        var endsAt = fields.Text("endsAt", required: false, text =>
            FieldRules.Moment(now)(text) ?? (FieldRules.ParseMoment(text) <= Instant.FromDateTimeOffset(now) ? "Must lie in the future." : null));
        fields.ThrowIfWrong();
        return new NewApiKey
        {
            Name = name!,
            Clinic = clinic,
            ReadOnly = readOnly ?? false,
            EndsAt = endsAt is null ? null : FieldRules.ParseMoment(endsAt),
        };
    }
}
