namespace FollowUp.Core.CarePlans;

/// <content>A clinic's own values in a plan.</content>
public sealed partial record CarePlan
{
    /// <summary>The plan as one clinic uses it. Its id, version and texts stay.</summary>
    public CarePlan With(PlanOverrides overrides)
    {
        ArgumentNullException.ThrowIfNull(overrides);
        return this with
        {
            Fields = [.. Fields.Select(field => overrides.Of(field.Name) is { } value ? field with { Value = value } : field)],
        };
    }
}
