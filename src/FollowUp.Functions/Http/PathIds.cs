namespace FollowUp.Functions.Http;

/// <summary>Ids that stand in the address of a request.</summary>
internal static class PathIds
{
    /// <exception cref="ProblemException">400, naming the ids that are none.</exception>
    public static void Check(params (string Name, string Id)[] ids)
    {
        var wrong = ids
            .Select(id => (id.Name, Mistake: FieldRules.Id(id.Id)))
            .Where(id => id.Mistake is not null)
            .ToDictionary(id => id.Name, id => new[] { id.Mistake! });
        if (wrong.Count > 0)
        {
            throw Problems.Invalid(wrong);
        }
    }
}
