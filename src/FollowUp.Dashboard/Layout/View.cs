using FollowUp.Dashboard.Words;
using Microsoft.AspNetCore.Components;

namespace FollowUp.Dashboard.Layout;

/// <summary>A part of a page that knows the frame around it.</summary>
public abstract class FramedComponent : ComponentBase
{
    [CascadingParameter]
    public PageFrame Frame { get; set; } = null!;

    protected ClinicTime Time => Frame.Time;
}

/// <summary>A page: what it shows is in its model, which is complete when the page is made.</summary>
public abstract class View<TModel> : FramedComponent
    where TModel : notnull
{
    [Parameter]
    [EditorRequired]
    public TModel Model { get; set; } = default!;
}
